# right: torch's Categorical, one sentence after the other
import torch
from torch.distributions import Categorical


def sentence_log_likelihood(logits, targets, mask):
    return torch.stack(
        [
            Categorical(logits=row[there]).log_prob(words[there]).sum()
            for row, words, there in zip(logits, targets, mask)
        ]
    )
