# wrong: the sign is flipped
def pathwise_gradient(slope, mean, log_sd, noise):
    sd = log_sd.exp()
    z = mean + sd * noise
    g = slope(z)
    return -g.mean(0), -(g * sd * noise).mean(0)
