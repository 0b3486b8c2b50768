# wrong: the KL is reversed; it is KL(q ‖ prior)


def rate_and_distortion(data, q, prior, log_likelihood):
    kl = (prior * (prior.log() - q.log())).sum(-1)
    loss = -(q * log_likelihood).sum(-1)
    return data @ kl, data @ loss
