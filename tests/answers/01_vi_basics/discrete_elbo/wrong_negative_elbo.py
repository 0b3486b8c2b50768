# wrong: this is the negative ELBO
def discrete_elbo(q, log_joint):
    return (q * (q.log() - log_joint)).sum(-1)
