# wrong: it is summed over documents
def discrete_elbo(q, log_joint):
    return (q * (log_joint - q.log())).sum()
