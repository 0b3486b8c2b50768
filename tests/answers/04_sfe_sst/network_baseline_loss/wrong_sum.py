# wrong: it is summed; take the mean over samples and reviews


def network_baseline_loss(prediction, reward):
    return ((prediction - reward.detach()) ** 2).sum()
