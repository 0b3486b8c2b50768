# right: a product with one-hot targets, by einsum
import torch
from torch.nn.functional import one_hot


def sentence_log_likelihood(logits, targets, mask):
    chosen = one_hot(targets, logits.shape[-1]).to(logits)
    return torch.einsum("btv,btv,bt->b", logits.log_softmax(-1), chosen, mask.to(logits))
