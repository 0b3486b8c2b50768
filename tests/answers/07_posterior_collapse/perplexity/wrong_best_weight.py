# wrong: the best weight is taken; take the mean


def perplexity(log_weights, num_words):
    return (-log_weights.amax(0).sum() / num_words.sum()).exp()
