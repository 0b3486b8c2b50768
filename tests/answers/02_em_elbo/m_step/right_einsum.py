# right: einsum and log_softmax
import torch


def m_step(responsibilities, counts, smoothing):
    c = torch.einsum("bk,bv->kv", responsibilities, counts) + smoothing
    return responsibilities.sum(0).log().log_softmax(-1), c.log().log_softmax(-1)
