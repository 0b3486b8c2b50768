# wrong: v follows the square of the mean
import torch


def past_statistics(rewards, decay):
    m, v = torch.zeros_like(rewards[0, 0]), torch.ones_like(rewards[0, 0])
    means, sds = [], []
    for t, r in enumerate(rewards, start=1):
        means.append(m)
        sds.append((v - m**2).clamp_min(0).sqrt())
        step = max(1 / t, 1 - decay)
        m, v = m + step * (r.mean() - m), v + step * (r.mean() ** 2 - v)
    return torch.stack(means), torch.stack(sds)
