# wrong: dropped words become another number than 1, that of <unk>


def drop_words(inputs, noise, rate):
    return inputs.masked_fill((inputs > 3) & (noise < rate), 3)
