# wrong: the sentences' perplexities are averaged; sum nats and words first
import math


def perplexity(log_weights, num_words):
    log_p = log_weights.logsumexp(0) - math.log(len(log_weights))
    return (-log_p / num_words).exp().mean()
