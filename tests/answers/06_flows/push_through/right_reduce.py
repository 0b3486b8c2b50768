# right: functools.reduce
from functools import reduce


def push_through(x, base, layers):
    def step(state, layer):
        z, log_det = layer(state[0])
        return z, state[1] - log_det

    return reduce(step, layers, (x, base.log_prob(x)))
