# right: logit minus logsumexp, in float32
import torch
from torch.nn.functional import one_hot


def sentence_log_likelihood(logits, targets, mask):
    a = logits.float()
    chosen = torch.einsum("btv,btv->bt", a, one_hot(targets, a.shape[-1]).float())
    return ((chosen - a.logsumexp(-1)) * mask).sum(1)
