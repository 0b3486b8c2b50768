# right: explicit weights for each past batch
import torch


def past_statistics(rewards, decay):
    count = len(rewards)
    means, sds = torch.zeros(count).double(), torch.ones(count).double()
    weight = torch.zeros(count).double()
    for t in range(1, count):
        step = max(1 / t, 1 - decay)
        weight = weight * (1 - step)
        weight[t - 1] = step
        means[t] = weight @ rewards.mean(1)
        sds[t] = (weight @ (rewards - means[t]).square().mean(1)).sqrt()
    return means, sds
