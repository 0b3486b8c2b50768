# wrong: a place is spared only if all conditions say so: join them with &, not |


def drop_words(inputs, noise, rate):
    return inputs.masked_fill((inputs != 0) | (inputs != 2) & (noise < rate), 1)
