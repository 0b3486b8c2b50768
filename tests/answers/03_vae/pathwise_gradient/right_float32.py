# right: in single precision
def pathwise_gradient(slope, mean, log_sd, noise):
    step = log_sd.exp() * noise
    g = slope(mean + step).float()
    return g.mean(0), (g * step.float()).mean(0)
