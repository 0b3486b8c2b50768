# right: cross_entropy that leaves number 0 out
from torch.nn.functional import cross_entropy


def sentence_log_likelihood(logits, targets, mask):
    by_word = logits.transpose(1, 2)  # [B, V, T]
    return -cross_entropy(by_word, targets, ignore_index=0, reduction="none").sum(1)
