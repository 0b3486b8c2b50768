# wrong: the factor h = 1 / (α + r) is missing
def radial(x, centre, alpha, beta):
    D = x.shape[-1]
    away = x - centre
    r = away.norm(dim=-1)
    h = 1 / (alpha + r)
    across, along = 1 + beta * h, 1 + beta * h - beta * r * h**2
    return x + beta * away, (D - 1) * across.log() + along.log()
