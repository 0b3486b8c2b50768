# wrong: the noise is divided by the standard deviation
def reparameterised_sample(mean, log_variance, noise):
    return mean + noise / (0.5 * log_variance).exp()
