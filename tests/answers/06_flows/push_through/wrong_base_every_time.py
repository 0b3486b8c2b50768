# wrong: the base is asked before every layer
def push_through(x, base, layers):
    log_q = 0.0
    for layer in layers:
        log_q = log_q + base.log_prob(x)
        x, log_det = layer(x)
        log_q = log_q - log_det
    return x, log_q
