# wrong: you took the mean over all positions; logs are summed


def sentence_log_likelihood(logits, targets, mask):
    each = logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]
    return (each * mask).mean(-1)
