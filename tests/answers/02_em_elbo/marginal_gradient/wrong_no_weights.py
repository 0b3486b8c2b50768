# wrong: summed over components without weights
import torch


def marginal_gradient(log_prior, word_logits, counts):
    log_words = word_logits.log_softmax(-1)
    r = torch.ones(len(counts), len(log_prior), dtype=counts.dtype)
    length = r.T @ counts.sum(-1)
    return r.T @ counts - length[:, None] * log_words.exp()
