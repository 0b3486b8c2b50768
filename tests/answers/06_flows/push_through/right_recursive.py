# right: one layer, then the rest
def push_through(x, base, layers, spent=0.0):
    def go(z, log_q, rest):
        if not rest:
            return z, log_q
        y, log_det = rest[0](z)
        return go(y, log_q - log_det, rest[1:])

    return go(x, base.log_prob(x), layers)
