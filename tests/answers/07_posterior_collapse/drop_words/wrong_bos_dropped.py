# wrong: <bos> is dropped too; the decoder must know where it starts


def drop_words(inputs, noise, rate):
    return inputs.masked_fill((inputs != 0) & (noise < rate), 1)
