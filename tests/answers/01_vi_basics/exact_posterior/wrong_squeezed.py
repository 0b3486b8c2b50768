# wrong: an axis of length 1 is gone


def exact_posterior(prior, heads, flips):
    h, t = flips.sum(-1, keepdim=True), (1 - flips).sum(-1, keepdim=True)
    log_joint = prior.log() + h * heads.log() + t * (1 - heads).log()
    return log_joint.log_softmax(-1).squeeze(), log_joint.logsumexp(-1).squeeze()
