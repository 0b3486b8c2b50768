# right: the two moments as one vector, in float32
import torch


def past_statistics(rewards, decay):
    moments = torch.tensor([0.0, 1.0])
    rows = []
    for t in range(len(rewards)):
        rows.append(moments)
        batch = rewards[t].float()
        now = torch.stack([batch.mean(), batch.square().mean()])
        moments = torch.lerp(moments, now, max(1 / (t + 1), 1 - decay))
    first, second = torch.stack(rows).T
    return first, torch.sqrt(second - first * first)
