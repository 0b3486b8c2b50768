# wrong: it was changed in place
def reparameterised_sample(mean, log_variance, noise):
    log_variance.data.div_(2)
    return mean + log_variance.exp() * noise
