# right: numpy and scipy
import numpy as np
from scipy.special import logsumexp


def perplexity(log_weights, num_words):
    log_p = logsumexp(log_weights.numpy(), axis=0) - np.log(len(log_weights))
    return np.exp(-log_p.sum() / num_words.numpy().sum())
