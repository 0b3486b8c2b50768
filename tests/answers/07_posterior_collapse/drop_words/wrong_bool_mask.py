# wrong: a mask came back; put <unk> where it is True, in the inputs


def drop_words(inputs, noise, rate):
    return (inputs > 3) & (noise < rate)
