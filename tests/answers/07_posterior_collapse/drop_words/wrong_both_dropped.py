# wrong: <bos> and padding are dropped too


def drop_words(inputs, noise, rate):
    return inputs.masked_fill(noise < rate, 1)
