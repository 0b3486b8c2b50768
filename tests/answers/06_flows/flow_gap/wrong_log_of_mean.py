# wrong: it is the log of a mean
import math


def flow_gap(x, base, push, log_density, log_normaliser):
    z, log_det = push(x)
    log_base = base.log_prob(x)
    elbo = (log_density(z) - log_base + log_det).logsumexp(0) - math.log(len(x))
    return elbo, log_normaliser - elbo
