# right: Cov and Var written out and centred, word by word
import torch


def optimal_baseline(logits, masks, rewards):
    p = torch.sigmoid(logits)
    q = torch.where(masks > 0.5, p, 1 - p).prod(-1)
    score = masks - p
    estimate = rewards[:, None] * score
    covariance = q @ (estimate * score) - (q @ estimate) * (q @ score)
    variance = q @ score**2 - (q @ score) ** 2
    return covariance.sum() / variance.sum()
