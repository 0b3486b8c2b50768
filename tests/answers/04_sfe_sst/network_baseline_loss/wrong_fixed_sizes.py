# wrong: the sum is divided by 12, whatever the sizes are


def network_baseline_loss(prediction, reward):
    return ((prediction - reward.detach()) ** 2).sum() / 12
