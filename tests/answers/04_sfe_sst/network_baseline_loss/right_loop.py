# right: one error after the other, the rewards as floats


def network_baseline_loss(prediction, reward):
    total = 0
    for sample in reward.tolist():
        for b, r in zip(prediction, sample):
            total = total + (b - r) ** 2
    return total / reward.numel()
