# right: natural gradient steps from the highest place of either half
import torch


def kl_fit(z, log_p, direction):
    log_p = log_p.log_softmax(-1)
    p = log_p.exp()
    m = torch.sum(p * z) / torch.sum(p)
    if direction == "forward":
        return m.item(), torch.sqrt(torch.sum(p * (z - m) ** 2)).item()
    step = (z[1] - z[0]).item()
    (slope,) = torch.gradient(log_p, spacing=step)
    (curvature,) = torch.gradient(slope, spacing=step)
    left = z < z.mean()
    mean = torch.stack([z[left][log_p[left].argmax()], z[~left][log_p[~left].argmax()]])
    precision = torch.ones_like(mean)
    for _ in range(40):
        q = (-0.5 * precision[:, None] * (z - mean[:, None]) ** 2).softmax(-1)
        precision = (0.5 * precision - 0.5 * q @ curvature).clamp_min(0.1)
        mean = mean + 0.5 * (q @ slope) / precision
    log_q = (-0.5 * precision[:, None] * (z - mean[:, None]) ** 2).log_softmax(-1)
    best = (log_q.exp() * (log_q - log_p)).sum(-1).argmin()
    return mean[best].item(), precision[best].rsqrt().item()
