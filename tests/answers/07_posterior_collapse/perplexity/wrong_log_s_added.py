# wrong: log S is added; it is subtracted
import math


def perplexity(log_weights, num_words):
    log_p = log_weights.logsumexp(0) + math.log(len(log_weights))
    return (-log_p.sum() / num_words.sum()).exp()
