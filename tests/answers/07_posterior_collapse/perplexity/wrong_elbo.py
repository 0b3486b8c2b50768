# wrong: it is the mean of the log weights, the ELBO; take the log of the mean weight


def perplexity(log_weights, num_words):
    return (-log_weights.mean(0).sum() / num_words.sum()).exp()
