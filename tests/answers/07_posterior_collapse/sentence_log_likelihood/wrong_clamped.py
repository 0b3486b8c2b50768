# wrong: a small constant inside a logarithm hides the words that are hardly possible


def sentence_log_likelihood(logits, targets, mask):
    each = logits.softmax(-1).gather(-1, targets[..., None])[..., 0].clamp(min=1e-12).log()
    return (each * mask).sum(-1)
