# wrong: one gradient per sample came back
def pathwise_gradient(slope, mean, log_sd, noise):
    path = log_sd.exp() * noise
    g = slope(mean + path)
    return g, g * path
