# wrong: the mean is over sentences; it is over samples, the first axis
import math


def perplexity(log_weights, num_words):
    log_p = log_weights.logsumexp(1) - math.log(log_weights.shape[1])
    return (-log_p.sum() / num_words.sum()).exp()
