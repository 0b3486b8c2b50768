# wrong: it is the KL to a uniform prior
import torch


def amortised_gap(encoder_logits, log_joint):
    log_q = encoder_logits.log_softmax(-1)
    uniform = torch.zeros_like(log_q).log_softmax(-1)
    return (log_q.exp() * (log_q - uniform)).sum(-1)
