# wrong: one perplexity per sentence came back; one for the corpus is expected
import math


def perplexity(log_weights, num_words):
    log_p = log_weights.logsumexp(0) - math.log(len(log_weights))
    return (-log_p / num_words).exp()
