# wrong: padding is kept and the words are dropped


def sentence_log_likelihood(logits, targets, mask):
    each = logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]
    return each.masked_fill(mask, 0.0).sum(-1)
