# right: J as ELBO at the posterior; a list
import torch


def em_step(log_prior, log_words, counts, smoothing):
    q = (log_prior + counts @ log_words.T).softmax(-1)
    expected = torch.einsum("bk,bv->kv", q, counts) + smoothing
    return [q.mean(0).log(), expected.log() - expected.sum(-1, keepdim=True).log()]


def em_objective(log_prior, log_words, counts, smoothing):
    log_joint = log_prior + counts @ log_words.T
    q = log_joint.softmax(-1)
    elbo = (q * log_joint).sum() + torch.special.entr(q).sum()
    return (elbo + smoothing * log_words.sum()).item()
