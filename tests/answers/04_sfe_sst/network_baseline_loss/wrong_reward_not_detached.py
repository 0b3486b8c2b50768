# wrong: the reward is not detached: the readers would learn to be predictable


def network_baseline_loss(prediction, reward):
    return ((prediction - reward) ** 2).mean()
