# wrong: the log sd is taken for a log variance
def pathwise_gradient(slope, mean, log_sd, noise):
    sd = (log_sd / 2).exp()
    z = mean + sd * noise
    g = slope(z)
    return g.mean(0), (g * sd * noise).mean(0)
