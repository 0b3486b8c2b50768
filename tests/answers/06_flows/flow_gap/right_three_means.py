# right: energy and entropy apart
def flow_gap(x, base, push, log_density, log_normaliser):
    z, log_det = push(x)
    entropy = -base.log_prob(x).mean() + log_det.mean()
    elbo = log_density(z).mean() + entropy
    return elbo, -(elbo - log_normaliser)
