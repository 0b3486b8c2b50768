# right: in float32, the largest weight taken out by hand


def perplexity(log_weights, num_words):
    log_weights = log_weights.float()
    top = log_weights.amax(0)
    log_p = top + (log_weights - top).exp().mean(0).log()
    return (-log_p.mean() / num_words.float().mean()).exp()
