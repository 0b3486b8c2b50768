# right: by arithmetic on whole numbers


def drop_words(inputs, noise, rate):
    gone = ((noise < rate) * (inputs > 2)).long()
    return gone + (1 - gone) * inputs
