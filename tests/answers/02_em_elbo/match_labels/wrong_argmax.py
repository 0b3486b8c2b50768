# wrong: the match must be one to one
from torch.nn.functional import one_hot


def match_labels(responsibilities, labels):
    K = responsibilities.shape[1]
    table = one_hot(labels, K).to(responsibilities.dtype).T @ responsibilities
    return table.argmax(-1)
