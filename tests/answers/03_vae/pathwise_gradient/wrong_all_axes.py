# wrong: it is averaged over dimensions, too
def pathwise_gradient(slope, mean, log_sd, noise):
    path = log_sd.exp() * noise
    g = slope(mean + path)
    return g.mean(0), (g * path).mean()
