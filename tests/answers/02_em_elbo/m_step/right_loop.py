# right: component by component
import torch


def m_step(responsibilities, counts, smoothing):
    rows = []
    for q in responsibilities.T:
        c = (q[:, None] * counts).sum(0) + smoothing
        rows.append(c.log() - c.sum().log())
    share = responsibilities.sum(0) / len(counts)
    return share.log(), torch.stack(rows)
