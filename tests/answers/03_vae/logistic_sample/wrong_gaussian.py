# wrong: this is a Gaussian's inverse
from torch.distributions import Normal


def logistic_sample(u, mean, scale):
    return Normal(mean, scale).icdf(u)
