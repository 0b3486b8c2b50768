# wrong: no gradient flows back from it; something on the way is detached


def free_bits(kl, free_nats):
    return kl.detach().mean(0).clamp(min=free_nats).sum()
