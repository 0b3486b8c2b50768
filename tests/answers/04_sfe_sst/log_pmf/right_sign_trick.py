# right: logsigmoid of ±λ, one review after the other
import torch


def log_pmf(z, logits, mask):
    signed = torch.where(z > 0.5, logits, -logits)
    each = torch.nn.functional.logsigmoid(signed)
    columns = [each[:, b, mask[b]].sum(-1) for b in range(len(mask))]
    return torch.stack(columns, dim=-1)
