# wrong: the threshold is applied to each sentence, and all is averaged


def free_bits(kl, free_nats):
    return kl.clamp(min=free_nats).mean()
