# wrong: the logit is compared with 0.5; its probability is, or the logit with 0


def leave_one_out(rewards):
    return ((rewards.sum(0) - rewards) / (len(rewards) - 1)).detach()


def argmax_mask(logits, mask):
    return (logits > 0.5) * mask.double()
