# wrong: other words went than those where the noise given is below the rate


def drop_words(inputs, noise, rate):
    return inputs.masked_fill((inputs > 3) & (noise[:, :1] < rate), 1)
