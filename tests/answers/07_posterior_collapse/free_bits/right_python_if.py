# right: an if for each dimension


def free_bits(kl, free_nats):
    paid = 0.0
    for mean in kl.mean(0):
        paid = paid + (mean if mean > free_nats else free_nats)
    return paid
