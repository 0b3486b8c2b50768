# wrong: words become padding; they become <unk>


def drop_words(inputs, noise, rate):
    return inputs.masked_fill((inputs > 2) & (noise < rate), 0)
