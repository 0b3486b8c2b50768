# wrong: is not right
from torch.nn.functional import cross_entropy


def sentence_log_likelihood(logits, targets, mask):
    return -cross_entropy(logits[mask], targets[mask])
