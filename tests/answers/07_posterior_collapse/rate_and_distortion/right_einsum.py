# right: two einsums, as a list
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    log_ratio = torch.where(q > 0, (q / prior).clamp_min(1e-300).log(), 0.0)
    rate = torch.einsum("n,nk,nk->", data, q, log_ratio)
    return [rate, -torch.einsum("n,nk,nk->", data, q, log_likelihood)]
