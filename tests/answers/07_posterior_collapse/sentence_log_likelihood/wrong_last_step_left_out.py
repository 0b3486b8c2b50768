# wrong: the last step is left out; <eos> is said too


def sentence_log_likelihood(logits, targets, mask):
    each = logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]
    return (each * mask)[:, :-1].sum(-1)
