# wrong: averaged over layers
def push_through(x, base, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return z, base.log_prob(x) - total / len(layers)
