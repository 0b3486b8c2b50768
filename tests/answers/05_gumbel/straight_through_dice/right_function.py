# right: a function with a backward of its own
import torch
from torch.nn.functional import one_hot


class Straight(torch.autograd.Function):
    @staticmethod
    def forward(ctx, soft):
        return one_hot(soft.argmax(-1), soft.shape[-1]).to(soft)

    @staticmethod
    def backward(ctx, gradient):
        return gradient


def straight_through_dice(logits, noise, temperature):
    return Straight.apply(torch.softmax((logits + noise) / temperature, -1))
