# wrong: take no logarithm
import math


def flow_gap(x, base, push, log_density, log_normaliser):
    z, log_det = push(x)
    log_base = base.log_prob(x)
    elbo = (log_density(z) - log_base + log_det).mean()
    return elbo, math.log(log_normaliser) - elbo
