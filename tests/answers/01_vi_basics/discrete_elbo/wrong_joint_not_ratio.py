# wrong: log ∑ q(z) p(x, z)
def discrete_elbo(q, log_joint):
    return (q * log_joint.exp()).sum(-1).log()
