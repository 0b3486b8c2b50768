# wrong: the covariances are taken for Cholesky factors
from torch.distributions import MultivariateNormal, kl_divergence


def gaussian_kl_full(mean_q, covariance_q, mean_p, covariance_p):
    V, W = covariance_q @ covariance_q.mT, covariance_p @ covariance_p.mT
    q, p = MultivariateNormal(mean_q, V), MultivariateNormal(mean_p, W)
    return kl_divergence(q, p)
