# wrong: `sample` where `rsample` is needed
from torch.distributions import Normal


def reparameterised_sample(mean, log_variance, noise):
    q = Normal(mean.detach(), (0.5 * log_variance).exp().detach())
    return q.mean + q.stddev * noise
