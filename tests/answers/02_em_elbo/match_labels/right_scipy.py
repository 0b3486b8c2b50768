# right: the Hungarian method
import torch
from scipy.optimize import linear_sum_assignment


def match_labels(responsibilities, labels):
    K = responsibilities.shape[1]
    table = torch.zeros(K, K, dtype=responsibilities.dtype).index_add(0, labels, responsibilities)
    return torch.as_tensor(linear_sum_assignment(table.numpy(), maximize=True)[1])
