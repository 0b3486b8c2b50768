# wrong: it differs from call to call: it is sampled, the argmax is not
from torch.distributions import Bernoulli


def leave_one_out(rewards):
    return ((rewards.sum(0) - rewards) / (len(rewards) - 1)).detach()


def argmax_mask(logits, mask):
    share = Bernoulli(logits=logits).sample((4000,)).mean(0)
    return (share > 0.5).to(logits.dtype) * mask
