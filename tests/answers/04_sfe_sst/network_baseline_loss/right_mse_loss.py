# right: torch's mse_loss on expanded predictions
import torch


def network_baseline_loss(prediction, reward):
    target = reward.detach()
    return torch.nn.functional.mse_loss(prediction.expand_as(target), target)
