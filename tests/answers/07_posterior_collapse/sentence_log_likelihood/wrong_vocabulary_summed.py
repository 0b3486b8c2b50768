# wrong: all words of the vocabulary are added up


def sentence_log_likelihood(logits, targets, mask):
    return (logits.log_softmax(-1) * mask[..., None]).sum((1, 2))
