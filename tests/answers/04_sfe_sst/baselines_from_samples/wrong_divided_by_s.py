# wrong: it is divided by S; there are S − 1 others


def leave_one_out(rewards):
    return ((rewards.sum(0) - rewards) / len(rewards)).detach()


def argmax_mask(logits, mask):
    return (logits > 0) * mask.double()
