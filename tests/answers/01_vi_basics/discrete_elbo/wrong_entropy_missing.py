# wrong: −log q(z) is missing
def discrete_elbo(q, log_joint):
    return (q * log_joint).sum(-1)
