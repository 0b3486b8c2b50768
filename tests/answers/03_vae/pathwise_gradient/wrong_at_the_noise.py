# wrong: the slope is taken at the noise, not at the samples
def pathwise_gradient(slope, mean, log_sd, noise):
    sd = log_sd.exp()
    z = mean + sd * noise
    g = slope(noise)
    return g.mean(0), (g * sd * noise).mean(0)
