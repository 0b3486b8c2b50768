# wrong: the weights are summed over samples; log S is missing


def perplexity(log_weights, num_words):
    return (-log_weights.logsumexp(0).sum() / num_words.sum()).exp()
