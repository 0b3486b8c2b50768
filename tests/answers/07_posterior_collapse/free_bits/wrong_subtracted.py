# wrong: the threshold is subtracted; what is below costs the threshold


def free_bits(kl, free_nats):
    return (kl.mean(0) - free_nats).clamp(min=0).sum()
