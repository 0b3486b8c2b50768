# wrong: the joint is divided by log p(x)


def exact_posterior(prior, heads, flips):
    h, t = flips.sum(-1, keepdim=True), (1 - flips).sum(-1, keepdim=True)
    log_joint = prior.log() + h * heads.log() + t * (1 - heads).log()
    log_evidence = log_joint.logsumexp(-1)
    return log_joint / log_evidence[:, None], log_evidence
