# right: torch.distributions
from torch.distributions.transforms import SigmoidTransform


def logistic_sample(u, mean, scale):
    return SigmoidTransform().inv(u) * scale + mean
