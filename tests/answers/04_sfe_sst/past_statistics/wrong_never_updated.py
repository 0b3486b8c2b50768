# wrong: it is 1 throughout; it was never updated
import torch


def past_statistics(rewards, decay):
    mean, square = torch.zeros(()).double(), torch.ones(()).double()
    means, sds = [], []
    for t, batch in enumerate(rewards, start=1):
        means.append(mean)
        sds.append(torch.ones(()).double())
        step = max(1 / t, 1 - decay)
        mean = mean + step * (batch.mean() - mean)
        square = square + step * ((batch**2).mean() - square)
    return torch.stack(means), torch.stack(sds)
