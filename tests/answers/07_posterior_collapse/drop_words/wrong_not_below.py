# wrong: noise of exactly the rate drops a word too; only noise below it does


def drop_words(inputs, noise, rate):
    return inputs.masked_fill((inputs > 3) & (noise <= rate), 1)
