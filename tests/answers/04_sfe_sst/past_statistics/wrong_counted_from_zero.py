# wrong: the first step is 1 − decay; it is 1/t with t = 1, not 0
import torch


def past_statistics(rewards, decay):
    m, v = torch.zeros_like(rewards[0, 0]), torch.ones_like(rewards[0, 0])
    means, sds = [], []
    for t, r in enumerate(rewards):
        means.append(m)
        sds.append((v - m**2).sqrt())
        step = max(1 / t, 1 - decay) if t else 1 - decay
        m, v = m + step * (r.mean() - m), v + step * ((r**2).mean() - v)
    return torch.stack(means), torch.stack(sds)
