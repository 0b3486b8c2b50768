# right: the root of the variance
def reparameterised_sample(mean, log_variance, noise):
    return mean + log_variance.exp().sqrt() * noise
