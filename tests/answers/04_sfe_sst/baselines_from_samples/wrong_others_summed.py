# wrong: the others are summed; take their mean


def leave_one_out(rewards):
    return (rewards.sum(0) - rewards).detach()


def argmax_mask(logits, mask):
    return (logits > 0) * mask.double()
