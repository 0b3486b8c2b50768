# right: with sigma = alpha + beta, distances kept as a column
import torch


def radial(x, centre, alpha, beta):
    r = torch.linalg.vector_norm(x - centre, dim=-1, keepdim=True)
    across = (r + alpha + beta) / (r + alpha)
    along = (r**2 + 2 * alpha * r + alpha * (alpha + beta)) / (r + alpha) ** 2
    log_det = torch.cat([across.log().expand(-1, x.shape[-1] - 1), along.log()], -1).sum(-1)
    return centre + across * (x - centre), log_det
