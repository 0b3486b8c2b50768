# wrong: no gradient flows back from it; something on the way is detached


def sentence_log_likelihood(logits, targets, mask):
    each = logits.detach().log_softmax(-1).gather(-1, targets[..., None])[..., 0]
    return (each * mask).sum(-1)
