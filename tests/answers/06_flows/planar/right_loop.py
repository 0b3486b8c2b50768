# right: point by point, a list
import torch


def planar(x, u, w, b):
    moved, log_dets = [], []
    for point in x:
        t = torch.tanh(torch.dot(w, point) + b)
        moved.append(point + u * t)
        log_dets.append((1 + (1 - t * t) * torch.dot(w, u)).log())
    return [torch.stack(moved), torch.stack(log_dets)]
