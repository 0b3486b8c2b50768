# wrong: from the last to the first
def push_through(x, base, layers):
    z, log_q = x, base.log_prob(x)
    for layer in layers[::-1]:
        z, log_det = layer(z)
        log_q = log_q - log_det
    return z, log_q
