# wrong: r is the squared distance
def radial(x, centre, alpha, beta):
    away = x - centre
    r = away.pow(2).sum(-1)
    h = 1 / (alpha + r)
    log_det = (x.shape[-1] - 1) * (1 + beta * h).log() + (1 + beta * h - beta * r * h**2).log()
    return x + beta * h[:, None] * away, log_det
