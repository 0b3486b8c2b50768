# right: 0 log 0 set to 0 afterwards


def rate_and_distortion(data, q, prior, log_likelihood):
    log_ratio = (q * q.log()).nan_to_num() - q * prior.log()
    return data @ log_ratio.sum(-1), -data @ (q * log_likelihood).sum(-1)
