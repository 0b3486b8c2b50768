# wrong: it is the optimum of the other direction, KL(p‖q)


def kl_fit(z, log_p, direction):
    log_p = log_p.log_softmax(-1)
    mean = (log_p.exp() * z).sum()
    sd = (log_p.exp() * (z - mean) ** 2).sum().sqrt()
    return mean, sd
