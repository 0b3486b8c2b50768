# wrong: a review is left out; a sample must be


def leave_one_out(rewards):
    others = rewards.sum(1, keepdim=True) - rewards
    return (others / (rewards.shape[1] - 1)).detach()


def argmax_mask(logits, mask):
    return (logits > 0) * mask.double()
