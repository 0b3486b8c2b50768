# wrong: the product of the means
def pathwise_gradient(slope, mean, log_sd, noise):
    sd = log_sd.exp()
    z = mean + sd * noise
    g = slope(z)
    return g.mean(0), g.mean(0) * sd * noise.mean(0)
