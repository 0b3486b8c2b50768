# wrong: other words went than those where the noise given is below the rate
import torch


def drop_words(inputs, noise, rate):
    own = torch.rand_like(noise)
    return inputs.masked_fill((inputs > 3) & (own < rate), 1)
