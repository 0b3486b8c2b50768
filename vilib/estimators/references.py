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
LIU = (
    "R. Liu, J. Regier, N. Tripuraneni, M. I. Jordan and J. McAuliffe, 2019, Rao-Blackwellized "
    "Stochastic Gradients for Discrete Distributions, https://arxiv.org/abs/1810.04777"
)
TITSIAS = (
    "M. K. Titsias and M. Lázaro-Gredilla, 2015, Local Expectation Gradients for Black Box "
    "Variational Inference, https://arxiv.org/abs/1503.01494"
)
CORREIA = (
    "G. M. Correia, V. Niculae, W. Aziz and A. F. T. Martins, 2020, Efficient Marginalization of "
    "Discrete and Structured Latent Variables via Sparsity, https://arxiv.org/abs/2007.01919"
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
JANG = (
    "E. Jang, S. Gu and B. Poole, 2017, Categorical Reparameterization with Gumbel-Softmax, "
    "https://arxiv.org/abs/1611.01144"
)
TUCKER = (
    "G. Tucker, A. Mnih, C. J. Maddison, J. Lawson and J. Sohl-Dickstein, 2017, REBAR: "
    "Low-variance, unbiased gradient estimates for discrete latent variable models, "
    "https://arxiv.org/abs/1703.07370"
)
GRATHWOHL = (
    "W. Grathwohl, D. Choi, Y. Wu, G. Roeder and D. Duvenaud, 2018, Backpropagation through the "
    "Void: Optimizing control variates for black-box gradient estimation, "
    "https://arxiv.org/abs/1711.00123"
)
YIN = (
    "M. Yin and M. Zhou, 2019, ARM: Augment-REINFORCE-Merge Gradient for Stochastic Binary "
    "Networks, https://arxiv.org/abs/1807.11143"
)
DONG = (
    "Z. Dong, A. Mnih and G. Tucker, 2020, DisARM: An Antithetic Gradient Estimator for Binary "
    "Latent Variables, https://arxiv.org/abs/2006.10680"
)
COUPLED = (
    "Z. Dong, A. Mnih and G. Tucker, 2021, Coupled Gradient Estimators for Discrete Latent "
    "Variables, https://arxiv.org/abs/2106.08056"
)
REZENDE = (
    "A. Mnih and D. J. Rezende, 2016, Variational Inference for Monte Carlo Objectives, "
    "https://arxiv.org/abs/1602.06725"
)
ROEDER = (
    "G. Roeder, Y. Wu and D. Duvenaud, 2017, Sticking the Landing: Simple, Lower-Variance Gradient "
    "Estimators for Variational Inference, https://arxiv.org/abs/1703.09194"
)
DOUBLY = (
    "G. Tucker, D. Lawson, S. Gu and C. J. Maddison, 2019, Doubly Reparameterized Gradient "
    "Estimators for Monte Carlo Objectives, https://arxiv.org/abs/1810.04152"
)
