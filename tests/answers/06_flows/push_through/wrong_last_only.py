# wrong: only the last layer's
def push_through(x, base, layers):
    z = x
    for layer in layers:
        z, log_det = layer(z)
    return z, base.log_prob(x) - log_det
