# right: over samples first, then over reviews, in float32
import torch


def network_baseline_loss(prediction, reward):
    with torch.no_grad():
        target = reward.float()
    error = target - prediction.float()[None]
    return error.pow(2).mean(0).mean()
