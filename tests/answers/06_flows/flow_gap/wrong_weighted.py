# wrong: they are drawn from q already
def flow_gap(x, base, push, log_density, log_normaliser):
    z, log_det = push(x)
    log_q = base.log_prob(x) - log_det
    elbo = (log_q.exp() * (log_density(z) - log_q)).sum()
    return elbo, log_normaliser - elbo
