# wrong: all past batches count alike; old ones fade with the decay
import torch


def past_statistics(rewards, decay):
    mean, square = torch.zeros(()).double(), torch.ones(()).double()
    means, sds = [], []
    for t, batch in enumerate(rewards, start=1):
        means.append(mean)
        sds.append((square - mean**2).sqrt())
        step = 1 / t
        mean = mean + step * (batch.mean() - mean)
        square = square + step * ((batch**2).mean() - square)
    return torch.stack(means), torch.stack(sds)
