# wrong: the prediction is detached; the network cannot learn


def network_baseline_loss(prediction, reward):
    return ((prediction.detach() - reward) ** 2).mean()
