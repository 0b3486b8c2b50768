# wrong: the function returned None; is a `return` missing?


def sentence_log_likelihood(logits, targets, mask):
    each = logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]
    (each * mask).sum(-1)
