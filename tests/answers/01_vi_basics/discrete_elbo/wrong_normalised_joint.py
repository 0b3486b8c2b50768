# wrong: so log p(x) is lost
def discrete_elbo(q, log_joint):
    log_posterior = log_joint.log_softmax(-1)
    return (q * (log_posterior - q.log())).sum(-1)
