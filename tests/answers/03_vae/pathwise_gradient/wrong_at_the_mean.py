# wrong: the slope is taken at the mean, not at the samples
def pathwise_gradient(slope, mean, log_sd, noise):
    sd = log_sd.exp()
    z = mean + sd * noise
    g = slope(mean.expand_as(z))
    return g.mean(0), (g * sd * noise).mean(0)
