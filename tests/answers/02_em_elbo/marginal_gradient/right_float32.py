# right: float32, einsum
import torch


def marginal_gradient(log_prior, word_logits, counts):
    n, theta = counts.float(), word_logits.float().softmax(-1)
    r = (log_prior.float() + n @ theta.log().T).softmax(-1)
    over = n[:, None] - n.sum(-1)[:, None, None] * theta
    return torch.einsum("bk,bkv->kv", r, over)
