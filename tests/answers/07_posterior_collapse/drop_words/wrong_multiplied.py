# wrong: words become padding; they become <unk>


def drop_words(inputs, noise, rate):
    return inputs * ((noise >= rate) | (inputs < 3))
