# wrong: log base is missing
def push_through(x, base, layers):
    z, log_q = x, 0
    for layer in layers:
        z, log_det = layer(z)
        log_q = log_q - log_det
    return z, log_q
