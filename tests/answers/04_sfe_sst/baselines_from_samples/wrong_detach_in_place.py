# wrong: it lost its gradient
def leave_one_out(rewards):
    r = rewards.detach_()
    return (r.sum(0) - r) / (len(r) - 1)


def argmax_mask(logits, mask):
    return (logits > 0).to(logits.dtype) * mask
