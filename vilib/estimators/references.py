"""Where each estimator was first described: authors, year, title, link."""

from __future__ import annotations

__all__: list[str] = []

WILLIAMS = (
    "R. J. Williams, 1992, Simple Statistical Gradient-Following Algorithms for Connectionist "
    "Reinforcement Learning, https://doi.org/10.1007/BF00992696"
)
NVIL = (
    "A. Mnih and K. Gregor, 2014, Neural Variational Inference and Learning in Belief Networks, "
    "https://arxiv.org/abs/1402.0030"
)
MOHAMED = (
    "S. Mohamed, M. Rosca, M. Figurnov and A. Mnih, 2020, Monte Carlo Gradient Estimation in "
    "Machine Learning, https://arxiv.org/abs/1906.10652"
)
RENNIE = (
    "S. J. Rennie, E. Marcheret, Y. Mroueh, J. Ross and V. Goel, 2017, Self-critical Sequence "
    "Training for Image Captioning, https://arxiv.org/abs/1612.00563"
)
KOOL = (
    "W. Kool, H. van Hoof and M. Welling, 2019, Buy 4 REINFORCE Samples, Get a Baseline for Free!, "
    "https://openreview.net/forum?id=r1lgTGL5DE"
)
KINGMA = (
    "D. P. Kingma and M. Welling, 2014, Auto-Encoding Variational Bayes, "
    "https://arxiv.org/abs/1312.6114"
)
BENGIO = (
    "Y. Bengio, N. Léonard and A. Courville, 2013, Estimating or Propagating Gradients Through "
    "Stochastic Neurons for Conditional Computation, https://arxiv.org/abs/1308.3432"
)
