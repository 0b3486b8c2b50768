# wrong: each layer was given x
def push_through(x, base, layers):
    z, log_q = x, base.log_prob(x)
    for layer in layers:
        z, log_det = layer(x)
        log_q = log_q - log_det
    return z, log_q
