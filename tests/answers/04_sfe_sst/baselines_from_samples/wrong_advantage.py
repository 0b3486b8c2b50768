# wrong: it is the reward minus the baseline; return the baseline


def leave_one_out(rewards):
    others = (rewards.sum(0) - rewards) / (len(rewards) - 1)
    return (rewards - others).detach()


def argmax_mask(logits, mask):
    return (logits > 0) * mask.double()
