# wrong: it is the absolute error (L1); the squared error is wanted


def network_baseline_loss(prediction, reward):
    return (prediction - reward.detach()).abs().mean()
