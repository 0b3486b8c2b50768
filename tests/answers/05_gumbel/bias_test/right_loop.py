# right: entry by entry
import torch


def z_scores(gradients, exact_gradient):
    scores = []
    for column, truth in zip(gradients.T, exact_gradient):
        spread = column.std()
        scores.append(
            (column.mean() - truth) / spread * len(column) ** 0.5
            if spread > 0
            else torch.zeros_like(truth)
        )
    return torch.stack(scores)


def is_biased(gradients, exact_gradient):
    return any(abs(z) > 5 for z in z_scores(gradients, exact_gradient).tolist())
