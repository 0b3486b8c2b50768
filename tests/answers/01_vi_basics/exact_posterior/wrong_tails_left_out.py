# wrong: the tails are left out


def exact_posterior(prior, heads, flips):
    log_joint = prior.log() + flips.sum(-1, keepdim=True) * heads.log()
    log_evidence = log_joint.logsumexp(-1)
    return log_joint - log_evidence[:, None], log_evidence
