# wrong: it is divided by 3 whatever S is


def leave_one_out(rewards):
    return ((rewards.sum(0) - rewards) / 3).detach()


def argmax_mask(logits, mask):
    return (logits > 0).to(logits.dtype) * mask
