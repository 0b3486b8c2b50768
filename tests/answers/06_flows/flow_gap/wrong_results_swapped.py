# wrong: the two results are swapped
def flow_gap(x, base, push, log_density, log_normaliser):
    z, log_det = push(x)
    elbo = (log_density(z) - base.log_prob(x) + log_det).mean()
    return log_normaliser - elbo, elbo
