# wrong: the log variance is taken for the standard deviation
def reparameterised_sample(mean, log_variance, noise):
    return mean + log_variance * noise
