# wrong: weights of e⁻⁹⁰⁰ underflow to 0; stay in logarithms (logsumexp)


def perplexity(log_weights, num_words):
    log_p = log_weights.exp().mean(0).log()
    return (-log_p.sum() / num_words.sum()).exp()
