# wrong: asked behind the layer
def push_through(x, base, layers):
    z, log_q = x, base.log_prob(x)
    for layer in layers:
        z = layer(z)[0]
        log_q = log_q - layer(z)[1]
    return z, log_q
