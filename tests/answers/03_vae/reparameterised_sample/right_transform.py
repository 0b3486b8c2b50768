# right: an affine transform of torch.distributions
from torch.distributions.transforms import AffineTransform


def reparameterised_sample(mean, log_variance, noise):
    return AffineTransform(mean, (log_variance / 2).exp())(noise)
