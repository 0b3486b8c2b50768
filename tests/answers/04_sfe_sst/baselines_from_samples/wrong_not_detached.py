# wrong: it carries a gradient: detach it, or the second reader learns from it


def leave_one_out(rewards):
    return (rewards.sum(0) - rewards) / (len(rewards) - 1)


def argmax_mask(logits, mask):
    return (logits > 0) * mask.double()
