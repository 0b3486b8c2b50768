# right: vilib's log-mean-exp and its perplexity
from vilib import bounds


def perplexity(log_weights, num_words):
    return bounds.perplexity(bounds.log_mean_exp(log_weights), num_words)
