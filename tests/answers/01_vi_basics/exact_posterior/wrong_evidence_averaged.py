# wrong: the joint is averaged over coins


def exact_posterior(prior, heads, flips):
    h, t = flips.sum(-1, keepdim=True), (1 - flips).sum(-1, keepdim=True)
    log_joint = prior.log() + h * heads.log() + t * (1 - heads).log()
    return log_joint.log_softmax(-1), log_joint.exp().mean(-1).log()
