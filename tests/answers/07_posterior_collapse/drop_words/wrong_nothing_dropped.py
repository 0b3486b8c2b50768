# wrong: nothing is dropped


def drop_words(inputs, noise, rate):
    inputs.masked_fill((inputs > 2) & (noise < rate), 1)
    return inputs
