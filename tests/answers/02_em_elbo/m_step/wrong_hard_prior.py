# wrong: use the responsibilities
from torch.nn.functional import one_hot


def m_step(responsibilities, counts, smoothing):
    q = one_hot(responsibilities.argmax(-1), responsibilities.shape[1]).to(counts.dtype)
    log_prior = q.mean(0).log()
    c = q.T @ counts + smoothing
    return log_prior, (c / c.sum(-1, keepdim=True)).log()
