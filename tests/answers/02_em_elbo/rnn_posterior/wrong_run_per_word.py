# wrong: once will do
import torch


def rnn_posterior(components, log_prior, tokens, mask):
    rows = []
    for component in components:
        fit = 0.0
        for t in range(tokens.shape[1]):
            log_p = component(tokens[:, : t + 1]).log_softmax(-1)[:, -1]
            fit = fit + log_p.gather(-1, tokens[:, t, None])[:, 0] * mask[:, t]
        rows.append(fit)
    return (log_prior + torch.stack(rows, -1)).softmax(-1)
