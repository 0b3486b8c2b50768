# wrong: the root is taken of the log variance
def reparameterised_sample(mean, log_variance, noise):
    return mean + log_variance.sqrt().exp() * noise
