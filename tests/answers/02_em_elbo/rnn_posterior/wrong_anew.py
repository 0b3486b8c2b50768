# wrong: the component is chosen anew for every word
import torch


def rnn_posterior(components, log_prior, tokens, mask):
    rows = []
    for component in components:
        each = component(tokens).log_softmax(-1).gather(-1, tokens[..., None])[..., 0]
        rows.append(each)
    q = (log_prior + torch.stack(rows, -1)).softmax(-1)  # [B, T, K]
    on = mask[..., None]
    return (q * on).sum(1) / on.sum(1)
