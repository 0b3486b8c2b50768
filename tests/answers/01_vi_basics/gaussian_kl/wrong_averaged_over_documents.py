# wrong: it is averaged over documents
def gaussian_kl(mean_q, log_variance_q, mean_p, log_variance_p):
    v, w = log_variance_q.exp(), log_variance_p.exp()
    kl = 0.5 * (v / w + (mean_q - mean_p) ** 2 / w - 1 + log_variance_p - log_variance_q)
    return kl.sum(-1).mean()
