# right: document by document
import torch


def marginal_gradient(log_prior, word_logits, counts):
    log_words = word_logits.log_softmax(-1)
    total = torch.zeros_like(word_logits)
    for n in counts:
        r = (log_prior + log_words @ n).softmax(-1)
        total = total + r[:, None] * (n - n.sum() * log_words.exp())
    return total
