# wrong: it was changed in place; work on a copy


def drop_words(inputs, noise, rate):
    return inputs.masked_fill_((inputs > 2) & (noise < rate), 1)
