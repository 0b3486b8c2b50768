# wrong: the mask came back; put <unk> where it is True


def drop_words(inputs, noise, rate):
    return ((inputs > 2) & (noise < rate)).long()
