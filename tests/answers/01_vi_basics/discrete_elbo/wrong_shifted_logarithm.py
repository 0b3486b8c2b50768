# wrong: is added inside the logarithm
def discrete_elbo(q, log_joint):
    return (q * (log_joint - (q + 1e-8).log())).sum(-1)
