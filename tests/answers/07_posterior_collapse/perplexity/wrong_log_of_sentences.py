# wrong: log of the number of sentences is subtracted; that of the samples is
import math


def perplexity(log_weights, num_words):
    log_p = log_weights.logsumexp(0) - math.log(log_weights.shape[1])
    return (-log_p.sum() / num_words.sum()).exp()
