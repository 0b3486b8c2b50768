# right: an autograd function of its own
import torch


class HardThenSoft(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, noise):
        return (noise < p).to(p.dtype)

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


def straight_through(logits, noise):
    p = torch.sigmoid(logits).expand_as(noise)
    return HardThenSoft.apply(p, noise)
