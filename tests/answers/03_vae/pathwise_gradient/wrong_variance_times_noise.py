# wrong: σ² multiplies the noise
def pathwise_gradient(slope, mean, log_sd, noise):
    path = (2 * log_sd).exp() * noise
    g = slope(mean + path)
    return g.mean(0), (g * path).mean(0)
