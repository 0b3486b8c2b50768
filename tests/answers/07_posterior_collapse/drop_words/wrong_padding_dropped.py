# wrong: padding is dropped too, so that it looks like unknown words


def drop_words(inputs, noise, rate):
    return inputs.masked_fill((inputs != 2) & (noise < rate), 1)
