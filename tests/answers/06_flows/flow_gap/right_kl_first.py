# right: the gap as a mean of its own
def flow_gap(x, base, push, log_density, log_normaliser):
    z, log_det = push(x)
    log_q = base.log_prob(x) - log_det
    log_p = log_density(z) - log_normaliser
    kl = (log_q - log_p).sum() / len(x)
    return log_normaliser - kl, kl
