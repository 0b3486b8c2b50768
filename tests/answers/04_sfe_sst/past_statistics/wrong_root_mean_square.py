# wrong: it is the root mean square; subtract the squared mean first
import torch


def past_statistics(rewards, decay):
    mean, square = torch.zeros(()).double(), torch.ones(()).double()
    means, sds = [], []
    for t, batch in enumerate(rewards, start=1):
        means.append(mean)
        sds.append(square.sqrt())
        step = max(1 / t, 1 - decay)
        mean = mean + step * (batch.mean() - mean)
        square = square + step * ((batch**2).mean() - square)
    return torch.stack(means), torch.stack(sds)
