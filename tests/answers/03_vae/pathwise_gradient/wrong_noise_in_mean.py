# wrong: the noise multiplies it
def pathwise_gradient(slope, mean, log_sd, noise):
    path = log_sd.exp() * noise
    g = slope(mean + path)
    return (g * noise).mean(0), (g * path).mean(0)
