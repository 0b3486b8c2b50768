# wrong: it is averaged over z
def discrete_elbo(q, log_joint):
    return (q * (log_joint - q.log())).mean(-1)
