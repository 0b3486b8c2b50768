# wrong: it draws noise of its own
from torch.distributions import Normal


def reparameterised_sample(mean, log_variance, noise):
    return Normal(mean, (0.5 * log_variance).exp()).rsample(noise.shape[:1])
