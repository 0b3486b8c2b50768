# right: place by place


def drop_words(inputs, noise, rate):
    found = inputs.clone()
    for row, draws in zip(found, noise):
        for t, word in enumerate(row.tolist()):
            if word >= 4 and draws[t] < rate:
                row[t] = 1
    return found
