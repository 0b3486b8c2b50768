# wrong: it is normalised over documents, not over coins


def exact_posterior(prior, heads, flips):
    h, t = flips.sum(-1, keepdim=True), (1 - flips).sum(-1, keepdim=True)
    log_joint = prior.log() + h * heads.log() + t * (1 - heads).log()
    return log_joint.log_softmax(0), log_joint.logsumexp(0)
