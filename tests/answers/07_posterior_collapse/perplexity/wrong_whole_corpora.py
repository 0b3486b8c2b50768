# wrong: the mean is over whole corpora; it is over the samples of each sentence
import math


def perplexity(log_weights, num_words):
    log_p = log_weights.sum(1).logsumexp(0) - math.log(len(log_weights))
    return (-log_p / num_words.sum()).exp()
