# wrong: this is KL(p‖q)
def gaussian_kl(mean_q, log_variance_q, mean_p, log_variance_p):
    v, w = log_variance_p.exp(), log_variance_q.exp()
    kl = 0.5 * (v / w + (mean_q - mean_p) ** 2 / w - 1 + log_variance_q - log_variance_p)
    return kl.sum(-1)
