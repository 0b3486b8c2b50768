# wrong: it is the gradient in σ ε, not in log σ
def pathwise_gradient(slope, mean, log_sd, noise):
    sd = log_sd.exp()
    z = mean + sd * noise
    g = slope(z)
    return g.mean(0), g.mean(0)
