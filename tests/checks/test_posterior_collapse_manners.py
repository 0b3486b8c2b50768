"""How unit 07's checks behave: random state, output, time, and what they say to nonsense."""

import math
from typing import ClassVar

import torch

from tests.checks.manners import Manners


def log_likelihood(logits, targets, mask):
    each = logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]
    return (each * mask).sum(-1)


def rate_and_distortion(data, q, prior, log_p):
    kl = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    return data @ kl, -data @ (q * log_p).sum(-1)


def mutual_information(log_q):
    return (log_q.diagonal() - log_q.logsumexp(1) + math.log(len(log_q))).mean()


def perplexity(log_weights, num_words):
    log_p = log_weights.logsumexp(0) - math.log(len(log_weights))
    return (-log_p.sum() / num_words.sum()).exp()


def drop_words(inputs, noise, rate):
    return inputs.masked_fill((inputs > 2) & (noise < rate), 1)


class TestManners(Manners):
    RIGHT: ClassVar = {
        "sentence_log_likelihood_is_exact": (log_likelihood,),
        "rate_and_distortion_are_exact": (rate_and_distortion,),
        "collapse_is_reached": (rate_and_distortion,),
        "kl_per_dimension_is_exact": (lambda m, a: 0.5 * (m**2 + a.exp() - a - 1),),
        "active_units_are_counted": (lambda means, threshold: (means.var(0) > threshold).sum(),),
        "linear_beta_is_exact": (
            lambda step, warm_up: min(1.0, step / warm_up) if warm_up else 1.0,
        ),
        "cyclical_beta_is_exact": (lambda step, cycle, rise: min(1.0, step % cycle / rise),),
        "free_bits_are_exact": (lambda kl, free: kl.mean(0).clamp(min=free).sum(),),
        "rate_stays_above_free_bits": (lambda kl, free: kl.mean(0).clamp(min=free).sum(),),
        "words_are_dropped": (drop_words,),
        "mutual_information_is_exact": (mutual_information,),
        "perplexity_is_exact": (perplexity,),
    }
