# wrong: it uses the present batch: update it after it is used, not before
import torch


def past_statistics(rewards, decay):
    mean, square = torch.zeros(()).double(), torch.ones(()).double()
    means, sds = [], []
    for t, batch in enumerate(rewards, start=1):
        step = max(1 / t, 1 - decay)
        mean = mean + step * (batch.mean() - mean)
        square = square + step * ((batch**2).mean() - square)
        means.append(mean)
        sds.append((square - mean**2).sqrt())
    return torch.stack(means), torch.stack(sds)
