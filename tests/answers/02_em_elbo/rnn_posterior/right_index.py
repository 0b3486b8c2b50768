# right: indexing, where, float32
import torch


def rnn_posterior(components, log_prior, tokens, mask):
    b, t = torch.arange(len(tokens))[:, None], torch.arange(tokens.shape[1])
    rows = []
    for component in components:
        each = component(tokens).float().log_softmax(-1)[b, t, tokens]
        rows.append(torch.where(mask, each, 0.0).sum(-1))
    return (log_prior.float() + torch.stack(rows, -1)).softmax(-1)
