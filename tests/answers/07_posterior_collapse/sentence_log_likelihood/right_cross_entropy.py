# right: minus the cross-entropy, without its reduction
from torch.nn.functional import cross_entropy


def sentence_log_likelihood(logits, targets, mask):
    loss = cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
    return -loss.view_as(targets).masked_fill(~mask, 0.0).sum(-1)
