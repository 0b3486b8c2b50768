# wrong: the words to keep are dropped: a word goes where the noise is below the rate


def drop_words(inputs, noise, rate):
    return inputs.masked_fill((inputs > 2) & (noise >= rate), 1)
