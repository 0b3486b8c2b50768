# wrong: the log variance is taken for the variance
def reparameterised_sample(mean, log_variance, noise):
    return mean + log_variance.abs().sqrt() * noise
