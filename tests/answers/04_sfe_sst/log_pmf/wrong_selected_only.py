# wrong: words that are not marked have a probability too; their (1 − z) log(1 − p) is missing
import torch


def log_pmf(z, logits, mask):
    return (z * torch.nn.functional.logsigmoid(logits) * mask).sum(-1)
