# wrong: the nats are averaged, the words are summed
import math


def perplexity(log_weights, num_words):
    log_p = log_weights.logsumexp(0) - math.log(len(log_weights))
    return (-log_p.mean() / num_words.sum()).exp()
