# wrong: 0 · log 0 is NaN
def discrete_elbo(q, log_joint):
    return (q * (log_joint - q.log())).sum(-1)
