# wrong: the ELBO of a q with zeros
def discrete_elbo(q, log_joint):
    entropy = -(q * q.log()).sum(-1)
    return (q * log_joint).sum(-1) + entropy.nan_to_num(0.0)
