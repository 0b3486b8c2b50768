# wrong: the first steps are 1 − decay; they are 1, 1/2, 1/3 … until that is smaller
import torch


def past_statistics(rewards, decay):
    mean, square = torch.zeros(()).double(), torch.ones(()).double()
    means, sds = [], []
    for batch in rewards:
        means.append(mean)
        sds.append((square - mean**2).sqrt())
        step = 1 - decay
        mean = mean + step * (batch.mean() - mean)
        square = square + step * ((batch**2).mean() - square)
    return torch.stack(means), torch.stack(sds)
