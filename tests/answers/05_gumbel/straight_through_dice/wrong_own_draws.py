# wrong: it draws numbers of its own
import torch


def straight_through_dice(logits, noise, temperature):
    return torch.nn.functional.gumbel_softmax(logits.expand_as(noise), tau=temperature, hard=True)
