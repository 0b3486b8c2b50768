# wrong: it is the log of an expectation, not the expectation of a log
def discrete_elbo(q, log_joint):
    return (q * (log_joint - q.log()).exp()).sum(-1).log()
