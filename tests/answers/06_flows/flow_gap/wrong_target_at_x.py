# wrong: log p̃ is asked at x
def flow_gap(x, base, push, log_density, log_normaliser):
    z, log_det = push(x)
    log_base = base.log_prob(x)
    elbo = (log_density(x) - log_base + log_det).mean()
    return elbo, log_normaliser - elbo
