# wrong: components are sorted by size


def match_labels(responsibilities, labels):
    return responsibilities.sum(0).argsort(descending=True)
