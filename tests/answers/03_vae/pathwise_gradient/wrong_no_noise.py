# wrong: the noise is missing
def pathwise_gradient(slope, mean, log_sd, noise):
    sd = log_sd.exp()
    z = mean + sd * noise
    g = slope(z)
    return g.mean(0), (g * sd).mean(0)
