# wrong: z is detached
def flow_gap(x, base, push, log_density, log_normaliser):
    z, log_det = push(x)
    elbo = (log_density(z.detach()) - base.log_prob(x) + log_det).mean()
    return elbo, log_normaliser - elbo
