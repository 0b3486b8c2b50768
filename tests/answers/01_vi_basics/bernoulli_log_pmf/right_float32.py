# right: single precision and a signed logit
import torch


def bernoulli_log_pmf(logits, x):
    sign = 2 * x.float() - 1
    return -torch.logaddexp(torch.zeros_like(sign), -sign * logits.float())
