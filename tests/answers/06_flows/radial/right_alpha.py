# right: the factor along the radius in another form
def radial(x, centre, alpha, beta):
    away = x - centre
    r = away.pow(2).sum(-1).sqrt()
    h = (alpha + r).reciprocal()
    log_det = (x.shape[1] - 1) * (1 + beta * h).log() + (1 + alpha * beta * h**2).log()
    return centre + away * (1 + beta * h)[:, None], log_det
