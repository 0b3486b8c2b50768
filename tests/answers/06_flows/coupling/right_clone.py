# right: a clone is changed in place
def coupling(x, network):
    half, y = x.shape[-1] // 2, x.clone()
    t, s = network(x[:, :half])
    y[:, half:] *= s.exp()
    y[:, half:] += t
    return y, s.sum(-1)


def coupling_inverse(y, network):
    half, x = y.shape[-1] // 2, y.clone()
    t, s = network(y[:, :half])
    x[:, half:] -= t
    x[:, half:] /= s.exp()
    return x, -s.sum(-1)
