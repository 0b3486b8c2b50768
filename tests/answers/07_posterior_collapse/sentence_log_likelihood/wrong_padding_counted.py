# wrong: padding is counted


def sentence_log_likelihood(logits, targets, mask):
    each = logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]
    return each.sum(-1)
