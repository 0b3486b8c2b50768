# wrong: the weights q(z) are missing: it is a plain mean over z
def discrete_elbo(q, log_joint):
    return (log_joint - q.log()).mean(-1)
