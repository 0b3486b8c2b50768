# right: dz/d log σ is z − μ
def pathwise_gradient(slope, mean, log_sd, noise):
    z = mean + log_sd.exp() * noise
    g = slope(z)
    return g.mean(0), ((z - mean) * g).mean(0)
