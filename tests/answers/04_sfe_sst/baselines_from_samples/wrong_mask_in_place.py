# wrong: it was changed in place
def leave_one_out(rewards):
    return ((rewards.sum(0) - rewards) / (len(rewards) - 1)).detach()


def argmax_mask(logits, mask):
    mask &= logits > 0
    return mask.to(logits.dtype)
