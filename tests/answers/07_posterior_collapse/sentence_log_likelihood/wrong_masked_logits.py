# wrong: the mask is put on the logits; a padded step still counts log 1/V


def sentence_log_likelihood(logits, targets, mask):
    every = (logits * mask[..., None]).log_softmax(-1)
    return every.gather(-1, targets[..., None])[..., 0].sum(-1)
