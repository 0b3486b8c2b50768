# right: 2 to the power of bits, in float32
import math


def perplexity(log_weights, num_words):
    log_p = log_weights.float().logsumexp(0) - math.log(len(log_weights))
    bits = -log_p.sum() / math.log(2) / num_words.float().sum()
    return 2.0**bits
