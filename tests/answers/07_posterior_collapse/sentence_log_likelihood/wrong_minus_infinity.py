# wrong: padding is set to −∞; it adds 0
import math


def sentence_log_likelihood(logits, targets, mask):
    each = logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]
    return each.masked_fill(~mask, -math.inf).sum(-1)
