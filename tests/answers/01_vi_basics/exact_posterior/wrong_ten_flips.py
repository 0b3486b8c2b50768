# wrong: the tails are counted as 10 − heads


def exact_posterior(prior, heads, flips):
    h = flips.sum(-1, keepdim=True)
    log_joint = prior.log() + h * heads.log() + (10 - h) * (1 - heads).log()
    return log_joint.log_softmax(-1), log_joint.logsumexp(-1)
