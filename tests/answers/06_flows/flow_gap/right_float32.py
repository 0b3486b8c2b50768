# right: single precision at the end
def flow_gap(x, base, push, log_density, log_normaliser):
    z, log_det = push(x)
    elbo = (log_density(z) - base.log_prob(x) + log_det).float().mean()
    return elbo, log_normaliser - elbo
