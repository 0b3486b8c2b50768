# right: a copy, written into by index


def drop_words(inputs, noise, rate):
    kept = inputs.clone()
    kept[(noise < rate) & (inputs > 2)] = 1
    return kept
