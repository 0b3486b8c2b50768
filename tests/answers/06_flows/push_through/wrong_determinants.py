# wrong: the determinants are taken off
def push_through(x, base, layers):
    log_q = base.log_prob(x)
    for layer in layers:
        x, log_det = layer(x)
        log_q = log_q - log_det.exp()
    return x, log_q
