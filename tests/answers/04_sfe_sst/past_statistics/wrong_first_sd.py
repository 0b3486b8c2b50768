# wrong: before the first batch it is 1, so that rewards are not divided by 0
import torch


def past_statistics(rewards, decay):
    mean, square = torch.zeros(()).double(), torch.zeros(()).double()
    means, sds = [], []
    for t, batch in enumerate(rewards, start=1):
        means.append(mean)
        sds.append((square - mean**2).sqrt())
        step = max(1 / t, 1 - decay)
        mean = mean + step * (batch.mean() - mean)
        square = square + step * ((batch**2).mean() - square)
    return torch.stack(means), torch.stack(sds)
