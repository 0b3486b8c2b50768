# right: rounds until nothing moves any more
import torch


def invert_autoregressive(y, network):
    x, before = y.clone(), None
    while before is None or not torch.equal(x, before):
        before = x
        t, s = network(x)
        x = (y - t) * (-s).exp()
    return x, -network(x)[1].sum(-1)
