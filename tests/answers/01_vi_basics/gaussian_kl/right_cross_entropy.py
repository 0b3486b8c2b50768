# right: cross-entropy minus entropy
import math


def gaussian_kl(mean_q, log_variance_q, mean_p, log_variance_p):
    log_2pi = math.log(2 * math.pi)
    second_moment = log_variance_q.exp() + (mean_q - mean_p).square()
    cross_entropy = 0.5 * (log_2pi + log_variance_p + second_moment * (-log_variance_p).exp())
    entropy = 0.5 * (log_2pi + 1 + log_variance_q)
    return cross_entropy.sum(-1) - entropy.sum(-1)
