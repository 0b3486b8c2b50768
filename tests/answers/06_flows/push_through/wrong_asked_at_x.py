# wrong: each log determinant is asked at x
def push_through(x, base, layers):
    z, log_q = x, base.log_prob(x)
    for layer in layers:
        z = layer(z)[0]
        log_q = log_q - layer(x)[1]
    return z, log_q
