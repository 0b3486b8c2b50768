# wrong: only the first flip of each document is used


def exact_posterior(prior, heads, flips):
    h, t = flips[:, :1], 1 - flips[:, :1]
    log_joint = prior.log() + h * heads.log() + t * (1 - heads).log()
    log_evidence = log_joint.logsumexp(-1)
    return log_joint - log_evidence[:, None], log_evidence
