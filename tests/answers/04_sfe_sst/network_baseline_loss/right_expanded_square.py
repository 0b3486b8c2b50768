# right: b² − 2br + r², averaged term by term


def network_baseline_loss(prediction, reward):
    r = reward.detach()
    return prediction.square().mean() - 2 * (prediction * r.mean(0)).mean() + r.square().mean()
