# wrong: it is the mean error, not squared


def network_baseline_loss(prediction, reward):
    return (prediction - reward.detach()).mean()
