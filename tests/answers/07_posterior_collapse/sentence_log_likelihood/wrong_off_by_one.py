# wrong: each target is compared with the logits of the step before


def sentence_log_likelihood(logits, targets, mask):
    log_p = logits[:, :-1].log_softmax(-1)
    each = log_p.gather(-1, targets[:, 1:, None])[..., 0]
    return (each * mask[:, 1:]).sum(-1)
