# wrong: for logits of shape [T] is not right: your function raises
import torch
from torch.nn.functional import logsigmoid


def bernoulli_log_pmf(logits, x):
    num_documents, num_words = logits.shape
    answer = torch.zeros_like(logits)
    for b in range(num_documents):
        answer[b] = x[b] * logsigmoid(logits[b]) + (1 - x[b]) * logsigmoid(-logits[b])
    return answer
