# wrong: it is the perplexity of a sentence; divide by the words
import math


def perplexity(log_weights, num_words):
    log_p = log_weights.logsumexp(0) - math.log(len(log_weights))
    return (-log_p.mean()).exp()
