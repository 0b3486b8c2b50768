# wrong: it is torch's StickBreakingTransform, which shifts u
from torch.distributions import StickBreakingTransform
from torch.nn.functional import logsigmoid, softplus


def softplus_transform(u):
    return softplus(u), logsigmoid(u).sum(-1)


def stick_breaking(u):
    transform = StickBreakingTransform()
    z = transform(u)
    return z, transform.log_abs_det_jacobian(u, z)
