# wrong: the entropy has the wrong sign
def discrete_elbo(q, log_joint):
    return (q * (log_joint + q.log())).sum(-1)
