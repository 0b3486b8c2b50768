# right: the mean of nats per word, weighted by words
import math

import torch


def perplexity(log_weights, num_words):
    log_p = log_weights.logsumexp(0) - math.log(len(log_weights))
    share = num_words / num_words.sum()
    return torch.exp(-(share * (log_p / num_words)).sum())
