# wrong: the samples are summed, not averaged
def pathwise_gradient(slope, mean, log_sd, noise):
    sd = log_sd.exp()
    z = mean + sd * noise
    g = slope(z)
    return g.sum(0), (g * sd * noise).sum(0)
