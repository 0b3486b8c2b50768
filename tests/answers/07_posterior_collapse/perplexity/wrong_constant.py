# wrong: a small constant hides weights of e⁻⁹⁰⁰; stay in logarithms (logsumexp)


def perplexity(log_weights, num_words):
    log_p = (log_weights.exp().mean(0) + 1e-30).log()
    return (-log_p.sum() / num_words.sum()).exp()
