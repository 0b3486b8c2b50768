# wrong: it is not a number where q is 0; there 0 · log 0 = 0


def rate_and_distortion(data, q, prior, log_likelihood):
    kl = (q * (q.log() - prior.log())).sum(-1)
    loss = -(q * log_likelihood).sum(-1)
    return data @ kl, data @ loss
