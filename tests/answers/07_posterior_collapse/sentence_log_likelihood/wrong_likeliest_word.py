# wrong: the likeliest word is taken; the target is


def sentence_log_likelihood(logits, targets, mask):
    return (logits.log_softmax(-1).amax(-1) * mask).sum(-1)
