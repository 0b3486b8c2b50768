# wrong: the sign is wrong; a perplexity is at least 1
import math


def perplexity(log_weights, num_words):
    log_p = log_weights.logsumexp(0) - math.log(len(log_weights))
    return (log_p.sum() / num_words.sum()).exp()
