# wrong: logits are not log probabilities; normalise them with log_softmax


def sentence_log_likelihood(logits, targets, mask):
    each = logits.gather(-1, targets[..., None])[..., 0]
    return (each * mask).sum(-1)
