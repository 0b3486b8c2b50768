# wrong: 2 to the power of nats; nats go with e
import math


def perplexity(log_weights, num_words):
    log_p = log_weights.logsumexp(0) - math.log(len(log_weights))
    return 2 ** (-log_p.sum() / num_words.sum())
