# wrong: you took the mean over words; a sentence's log probability is their sum


def sentence_log_likelihood(logits, targets, mask):
    each = logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]
    return (each * mask).sum(-1) / mask.sum(-1)
