# wrong: words are taken out; they are replaced, and the shape stays


def drop_words(inputs, noise, rate):
    return inputs[~((inputs > 3) & (noise < rate))]
