# wrong: the list of layers
def push_through(x, base, layers):
    log_q = base.log_prob(x)
    while layers:
        x, log_det = layers.pop(0)(x)
        log_q = log_q - log_det
    return x, log_q
