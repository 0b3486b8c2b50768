# wrong: the threshold is subtracted from each sentence; the batch's mean is compared with it


def free_bits(kl, free_nats):
    return (kl - free_nats).clamp(min=0).mean(0).sum()
