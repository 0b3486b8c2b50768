# wrong: it is the slope of a + ε
from torch.nn.functional import one_hot


def straight_through_dice(logits, noise, temperature):
    keys = logits + noise
    hard = one_hot(keys.argmax(-1), logits.shape[-1]).to(keys)
    return hard + keys - keys.detach()
