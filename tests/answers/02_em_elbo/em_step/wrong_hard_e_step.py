# wrong: each document goes to its likeliest component
from torch.nn.functional import one_hot


def em_step(log_prior, log_words, counts, smoothing):
    joint = log_prior + counts @ log_words.T
    q = one_hot(joint.argmax(-1), len(log_prior)).to(counts.dtype)
    c = q.T @ counts + smoothing
    return q.mean(0).log(), (c / c.sum(-1, keepdim=True)).log()


def em_objective(log_prior, log_words, counts, smoothing):
    log_evidence = (log_prior + counts @ log_words.T).logsumexp(-1)
    return log_evidence.sum() + smoothing * log_words.sum()
