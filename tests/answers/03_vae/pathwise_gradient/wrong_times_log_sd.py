# wrong: log σ stands where σ belongs
def pathwise_gradient(slope, mean, log_sd, noise):
    z = mean + log_sd.exp() * noise
    g = slope(z)
    return g.mean(0), (g * log_sd * noise).mean(0)
