# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3 · Two networks and a handshake
#
# **What you'll do.** Build a variational autoencoder for handwritten digits, find four bugs in one that trains happily, and measure how far its guesses are from the exact posterior.
# You write nine short functions and two answers in words; each function is checked against the truth.
#
# **What you'll learn**
#
# - to write a sample as a function of parameters and noise, and why gradients then pass through it;
# - to put together the loss of a VAE: what is summed, what is averaged, what may be negative;
# - to test a VAE where everything is known: the linear one, whose optimum is probabilistic PCA;
# - to split the gap below log p(x) into what the encoder loses and what the family loses;
# - which likelihood belongs to which pixels, and when a "likelihood" is no density;
# - to report a VAE with its controls, and with the error of every number.
#
# **What you'll need.** Unit 01: the ELBO, the KL between Gaussians, a Monte Carlo mean and its standard error. PyTorch: a small network, `backward()`.
#
# **Time.** Reading and playing 55 minutes, nine exercises 90, two answers in words 20, computing about 1 minute. The end of section 5 is a good place for a break.
# Exercises do not build on each other's code: if one resists, go on. There are 27 points.

# %% tags=["parameters"]
scale = "class"  # or "paper": the sizes and steps of the papers
seed = 1
source = "digits"  # or "mnist", "fashion_mnist", "omniglot", "binarized_mnist"

# %%
import sys

if "google.colab" in sys.modules:  # Colab starts without vilib; everywhere else this does nothing
    from IPython import get_ipython

    package = "git+https://github.com/vilib-course/vilib"
    get_ipython().run_line_magic("pip", f"install -q --no-deps {package}")

# %%
import math
from functools import partial

import torch
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence
from torch.nn.functional import binary_cross_entropy_with_logits

import vilib
from vilib import bounds, checks, datasets
from vilib.estimators import Pathwise, ScoreFunction
from vilib.figures.latent_map import PlaneModel
from vilib.models import vae_experiment
from vilib.models.independent_pixels import IndependentPixels
from vilib.models.linear_vae import LinearVAE, ppca
from vilib.models.local_refinement import refine
from vilib.models.pixel_likelihoods import (
    BernoulliPixels,
    ContinuousBernoulliPixels,
    GaussianPixels,
)
from vilib.models.vae_presets import VAE_PRESETS
from vilib.models.vae_report import report
from vilib.training import optimisers, train
from vilib.widgets import latent_map

# %%
torch.manual_seed(seed)
# on a shared machine two threads that wait for each other can be twenty times slower than one
torch.set_num_threads(1)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
vilib.doctor("03_vae", data=[source], minutes=1)

# %% [markdown]
# ## 1 · A drawing and its reasons
#
# Somebody writes a digit. Which one, how slanted, how round: none of that is in the data. There is only a sheet of cells, ink or paper.
#
# Let one network *tell*: given a few numbers $z$, it says for every cell how probable ink is. Let a second network *guess back*: given the sheet, which $z$ was it?
# Neither can learn alone. The first learns only if somebody supplies a $z$ for each sheet; the second learns only if somebody says what the $z$ mean.
# The ELBO is their handshake.
#
# If you work with language, think of a sheet with 64 cells as a document with 64 words, each of them *ink* or *paper*. Unit 07 has real words, in order. Here the order plays no part, so that all else can be seen.

# %%
preset = VAE_PRESETS[scale]
images = vae_experiment.cut(getattr(datasets, source)(), preset)
P, grey_test = images.train.flat.shape[1], images.test.flat.to(device)
print(images.record)


def sheet(*pictures):
    """Several pictures `[H, W]` side by side, in five shades; as many as a line holds."""
    wide = 2 if P < 200 else 1
    for rows in zip(*pictures[: 100 // (wide * len(pictures[0]) + 3)]):
        shades = ["".join(" ░▒▓█"[round(4 * ink.item())] * wide for ink in row) for row in rows]
        print("   ".join(shades))


sheet(*images.train.pixels[:4])

# %% [markdown]
# The scans are grey. A sheet of ink and paper is *drawn* from them, one coin for each cell: $x_i \sim \mathrm{Bernoulli}(\text{grey}_i)$. That can be done in two ways:
#
# - **fresh**: new coins whenever a picture is visited in training;
# - **fixed**: all coins once, before training; then the sheets are the data set.
#
# Which one was used must be said with every number. Section 9 shows what it changes.

# %%
fixed = images.binarised(seed=2)
x_test = fixed.test.flat.to(device)  # all models of zeros and ones are tested on these sheets
scan = images.test.pixels[0]
sheet(scan, fixed.test.pixels[0], datasets.binarise(scan), datasets.binarise(scan))

# %% [markdown]
# From left to right: a scan, its fixed sheet, and two fresh ones.
#
# ## 2 · The model and its guess
#
# $$z \sim \mathcal{N}(0, I), \qquad x_i \mid z \sim \mathrm{Bernoulli}\big(\operatorname{sigmoid}(g_\theta(z)_i)\big), \qquad q_\lambda(z \mid x) = \mathcal{N}\big(\mu_\lambda(x), \operatorname{diag} \sigma_\lambda^2(x)\big).$$
#
# $g_\theta$ is the **decoder**, the network that tells. $\mu_\lambda$ and $\log \sigma^2_\lambda$ come from the **encoder**, the network that guesses.
# Unit 01 had a free $q$ for each document. Here one network serves all of them: the cost of inference is paid once, in training. This is **amortised** inference.
# Both networks climb the same bound:
#
# $$\log p_\theta(x) \;\ge\; \mathrm{ELBO}(x) = \underbrace{\mathbb{E}_{q_\lambda(z \mid x)}\big[\log p_\theta(x \mid z)\big]}_{\text{reconstruction}} - \underbrace{\mathrm{KL}\big(q_\lambda(z \mid x) \,\|\, p(z)\big)}_{\text{rate}}.$$
#
# For $\theta$ the gradient is easy: sample $z$, differentiate $\log p_\theta(x \mid z)$. For $\lambda$ there is the trap of unit 01: $\lambda$ sits in the distribution that the mean is taken under.
#
# ## 3 · A path for the gradient
#
# Move $\lambda$ out of the distribution. Draw noise that has no parameters, and let the sample be a *function* of parameters and noise:
#
# $$\varepsilon \sim \mathcal{N}(0, I), \qquad z = \mu + \sigma \odot \varepsilon \qquad\Longrightarrow\qquad z \sim \mathcal{N}(\mu, \operatorname{diag} \sigma^2).$$
#
# Now the mean is taken under $\varepsilon$, which knows no $\lambda$, and the gradient may move inside: $\nabla_\lambda \mathbb{E}_q[f(z)] = \mathbb{E}_\varepsilon\big[\nabla_\lambda f(\mu + \sigma \odot \varepsilon)\big]$.
#
# ### Exercise 1 · A sample with a path (2 points, 6 minutes)
#
# Encoders put out $\log \sigma^2$. Do not take it for $\sigma$, nor for $\log \sigma$.
#
# <details><summary>Hint 1</summary>
#
# $\sigma = \sqrt{\sigma^2} = \exp(\tfrac12 \log \sigma^2)$.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `mean` is `[B, D]` and `noise` is `[S, B, D]`: they broadcast as they are. Draw nothing: the noise is given.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "reparameterised_sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def reparameterised_sample(mean, log_variance, noise):
    """Samples of N(mean, diag exp(log_variance)), as a function of parameters and noise.

    mean, log_variance: of q, `[B, D]`. noise: draws from N(0, 1), `[S, B, D]`.
    Returns z, `[S, B, D]`, with a gradient in mean and log_variance. One line.
    """
    ### BEGIN SOLUTION
    return mean + (0.5 * log_variance).exp() * noise
    ### END SOLUTION


# %%
three, log_four = torch.tensor([[3.0]]), torch.tensor([[4.0]]).log()
draws = reparameterised_sample(three, log_four, torch.randn(10_000, 1, 1))
print("mean and standard deviation, should be about 3 and 2:", draws.mean(), draws.std())

# %% nbgrader={"grade": true, "grade_id": "test_reparameterised_sample", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# z is right at given noise, and so are its slopes in the mean and in the log variance
checks.reparameterised_sample_is_exact(reparameterised_sample, seed=1)
### BEGIN HIDDEN TESTS
checks.reparameterised_sample_is_exact(
    reparameterised_sample, seed=2, num_examples=1, num_dimensions=7
)
checks.reparameterised_sample_is_exact(
    reparameterised_sample, seed=3, num_examples=5, num_dimensions=1
)
### END HIDDEN TESTS

# %% [markdown]
# Is this a trick of Gaussians? No. Let $F$ be the cumulative distribution function of any continuous distribution on the line, and $u$ uniform on $(0, 1)$. Then
#
# $$z = F^{-1}(u; \lambda) \quad \text{has distribution function } F(\cdot\,; \lambda), \qquad \text{and from } F(z(\lambda); \lambda) = u: \quad \frac{dz}{d\lambda} = -\frac{\partial F / \partial \lambda}{q(z)}.$$
#
# So every such distribution has a path. You need the inverse to *draw*, and only $F$ and the density $q$ to *differentiate*. For a discrete variable $F$ is a staircase:
# its inverse is flat almost everywhere, the slope is 0, and nothing is learned. That is where unit 05 begins.
#
# ### Exercise 2 · The logistic distribution (1 point, 6 minutes)
#
# $F(z) = \operatorname{sigmoid}\big(\frac{z - m}{s}\big)$ is the logistic distribution with mean $m$ and scale $s$. Invert it.
#
# <details><summary>Hint 1</summary>
#
# If $\operatorname{sigmoid}(a) = u$, then $a = \log \frac{u}{1 - u}$, the logit. Here $a = (z - m)/s$.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "logistic_sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def logistic_sample(u, mean, scale):
    """The z at which the logistic distribution function, sigmoid((z − mean)/scale), is u.

    u: numbers in (0, 1), `[N]`. mean, scale: `[N]`, scale positive.
    Returns `[N]`, with a gradient in mean and scale. One line.
    """
    ### BEGIN SOLUTION
    return mean + scale * torch.logit(u)
    ### END SOLUTION


# %%
m, s = torch.full((3,), 3.0), torch.full((3,), 2.0)
print("should be −1.3944, 3 and 7.3944:", logistic_sample(torch.tensor([0.1, 0.5, 0.9]), m, s))

# %% nbgrader={"grade": true, "grade_id": "test_logistic_sample", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# F(z) = u, found by bisection without the inverse; the slopes are −(∂F/∂λ) / q(z)
checks.inverse_cdf_is_exact(logistic_sample, seed=1)
### BEGIN HIDDEN TESTS
checks.inverse_cdf_is_exact(logistic_sample, seed=2, num_draws=30)
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 3 · The pathwise gradient by hand (2 points, 10 minutes)
#
# Autograd does this for you from now on. Do it once yourself. Only the slope $f'$ is needed, *at the samples*:
#
# $$\nabla_\mu\, \mathbb{E}[f(z)] = \mathbb{E}_\varepsilon\big[f'(z)\big], \qquad \nabla_{\log \sigma}\, \mathbb{E}[f(z)] = \mathbb{E}_\varepsilon\Big[f'(z) \odot \frac{dz}{d \log \sigma}\Big], \qquad z = \mu + \sigma \odot \varepsilon.$$
#
# <details><summary>Hint 1</summary>
#
# $\sigma = e^{\log \sigma}$, so $d\sigma / d\log\sigma = \sigma$. What is $dz/d\log\sigma$?
#
# </details>
# <details><summary>Hint 2</summary>
#
# It is $\sigma \odot \varepsilon$. Multiply first, then take the mean over samples (axis 0).
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "pathwise_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pathwise_gradient(slope, mean, log_sd, noise):
    """Estimate of the gradient of E[f(z)] under q = N(mean, diag exp(log_sd)²).

    slope: maps z `[S, D]` to the gradient of f at each sample, `[S, D]`.
    mean, log_sd: of q, `[D]`. noise: S draws from N(0, I), `[S, D]`.
    Returns two means over samples `[D]`: the gradients in mean and in log_sd. About 3 lines.
    """
    ### BEGIN SOLUTION
    z = mean + log_sd.exp() * noise
    g = slope(z)
    return g.mean(0), (g * log_sd.exp() * noise).mean(0)
    ### END SOLUTION


# %%
noise = torch.randn(100_000, 1)
square = pathwise_gradient(lambda z: 2 * z, torch.tensor([3.0]), torch.zeros(1), noise)
print("E[z²] = μ² + σ², its slopes at μ = 3, σ = 1 are 6 and 2:", *square)

# %% nbgrader={"grade": true, "grade_id": "test_pathwise_gradient", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# exact at given noise and, for a quadratic, on balanced noise; right on random noise on average
checks.pathwise_gradient_is_exact(pathwise_gradient, seed=1)
### BEGIN HIDDEN TESTS
checks.pathwise_gradient_is_exact(pathwise_gradient, seed=2, num_dimensions=6)
### END HIDDEN TESTS

# %% [markdown]
# **Predict, then run.** The score function of unit 01 is right on average, too. Take $f(z) = \sum_d (z_d - 1)^2$ and $q = \mathcal{N}(0, I)$ in 64 dimensions.
# How many times as many samples does it need for the same standard error? Commit to a number first.

# %%
your_guess = 10.0  # times as many samples, in 64 dimensions

# %%
for D in (1, 8, 64):
    means = torch.zeros(4000, D).double().requires_grad_()  # 4,000 copies of one q
    copies = Independent(Normal(means, 1.0), 1)
    spread = {}
    for estimator in (Pathwise(), ScoreFunction()):
        surrogate = estimator(copies, lambda z: ((z - 1) ** 2).sum(-1))
        (g,) = torch.autograd.grad(surrogate.sum(), means)
        spread[type(estimator).__name__] = g.var(0).mean()
    ratio = spread["ScoreFunction"] / spread["Pathwise"]
    print(f"D = {D:2d}: {ratio:5.0f} times the variance, so {ratio:5.0f} times as many samples")
print(f"your guess for 64 was {your_guess:.0f}")

# %% [markdown]
# <details><summary>Why? (open after running)</summary>
#
# The standard error falls as one over the root of the number of samples, so the ratio of the variances is the answer.
#
# The score function multiplies the score of *one* dimension by the whole $f$, the terms of all dimensions. $f$ itself grows with $D$, and its square enters the variance.
# The path knows which term each $z_d$ belongs to. (A baseline helps the score function a great deal: unit 04. And it needs no slope of $f$, which is why it is still there.)
#
# </details>
#
# ## 4 · The loss
#
# For the prior $\mathcal{N}(0, I)$ and a diagonal $q$ the KL of unit 01 becomes short:
#
# $$\mathrm{KL}\big(q(z \mid x) \,\|\, p(z)\big) = \frac12 \sum_{d=1}^{D} \big(\sigma_d^2 + \mu_d^2 - 1 - \log \sigma_d^2\big).$$
#
# Training lowers the mean of $-\mathrm{ELBO}$ over the batch. Three axes, and each has its own verb: **sum** over dimensions (and pixels), because log probabilities of independent things add;
# **mean** over samples, because it is an expectation; **mean** over the batch, because that is what we report. Average over dimensions instead, and the prior counts $1/D$ of what it should.
#
# ### Exercise 4 · Sum, mean, mean (2 points, 8 minutes)
#
# <details><summary>Hint 1</summary>
#
# The rate is `[B]`: sum over the last axis only.
#
# </details>
# <details><summary>Hint 2</summary>
#
# loss = mean over the batch of (rate − mean over samples of log p(x|z)).
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "nelbo_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nelbo_loss(log_likelihood, mean, log_variance):
    """The loss of a VAE with prior N(0, I), and the rate of each example, in nats.

    log_likelihood: log p(x|z) at S samples, summed over pixels, `[S, B]`.
    mean, log_variance: of q(z|x), `[B, D]`.
    Returns (loss `[]`, the mean of −ELBO; rate `[B]`, KL(q(z|x) ‖ p(z))). About 3 lines.
    """
    ### BEGIN SOLUTION
    rate = 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).sum(-1)  # [B]
    loss = (rate - log_likelihood.mean(0)).mean()
    return loss, rate
    ### END SOLUTION


# %%
loss, rate = nelbo_loss(torch.full((1, 2), -20.0), torch.ones(2, 4), torch.zeros(2, 4))
print("loss, should be 22:", loss, " rate, 4 × ½ nats each:", rate)

# %% nbgrader={"grade": true, "grade_id": "test_nelbo_loss", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# the rate equals quadrature; loss and gradients in all three inputs are right
checks.nelbo_sums_then_averages(nelbo_loss, seed=1)
### BEGIN HIDDEN TESTS
checks.nelbo_sums_then_averages(nelbo_loss, seed=2, num_examples=1, num_dimensions=8)
checks.nelbo_sums_then_averages(nelbo_loss, seed=3, num_examples=6, num_dimensions=1)
### END HIDDEN TESTS

# %% [markdown]
# The KL can also be sampled: $\log q(z_s \mid x) - \log p(z_s)$ at $z_s \sim q$. Where $q$ is a flow (unit 06) there is no other way. What does the closed form save?
# And can a sampled KL be *negative*?

# %%
q = Independent(Normal(torch.full((1, 2), 0.8), 0.6), 1)
standard = Independent(Normal(torch.zeros(2), 1.0), 1)
z = q.sample((100_000,))
each = (q.log_prob(z) - standard.log_prob(z))[:, 0]
print(f"closed form {kl_divergence(q, standard).item():.3f} nats")
print(f"sampled     {each.mean():.3f} on average, standard deviation {each.std():.3f}")
print(f"{(each < 0).double().mean():.0%} of the single samples are negative")

# %% [markdown]
# The closed form saves a standard deviation of nearly a nat for each sample. And the expectation is never negative, but a sample of it may be: clamp those at 0, and the average is wrong.
#
# But do not conclude that the closed form always has less noise. In the ELBO the noise of $\log p(x \mid z)$ and that of $\log q - \log p$ may *cancel*: if $q$ is the posterior, $\log p(x, z) - \log q(z \mid x)$ is
# $\log p(x)$ for *every* $z$. The next section has a model where you can see it.
#
# ## 5 · A VAE in which everything is known
#
# Replace both networks by matrices, and the pixels by Gaussians:
#
# $$z \sim \mathcal{N}(0, I), \quad x \mid z \sim \mathcal{N}(Wz + b,\; s^2 I) \qquad\Longrightarrow\qquad \log p(x) = \log \mathcal{N}\big(x;\; b,\; W W^\top + s^2 I\big).$$
#
# Everything Gaussian stays Gaussian. So $\log p(x)$, the posterior and the best parameters are known, and *every line of a VAE's code can be tested against them*. Do this to your own code before you train it on anything.
#
# ### Exercise 5 · The sampled ELBO of each example (3 points, 12 minutes)
#
# $$\widehat{\mathrm{ELBO}}(x) = \frac1S \sum_s \big[\log p(x \mid z_s) + \log p(z_s) - \log q(z_s \mid x)\big].$$
#
# All three terms come from the samples that you are given. $q$ is a distribution object with batch shape `[B]` and event shape `[D]`.
#
# <details><summary>Hint 1</summary>
#
# `mean = z @ weight.T + offset` is `[S, B, P]`. `Normal(mean, scale).log_prob(x)` is `[S, B, P]`, too: sum over pixels.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `Normal(0.0, 1.0).log_prob(z).sum(-1)` is log p(z), `[S, B]`. `q.log_prob(z)` is `[S, B]` already.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "sampled_elbo", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sampled_elbo(z, x, q, weight, offset, scale):
    """ELBO of each example of a linear-Gaussian VAE, from samples z ~ q(z|x), in nats.

    z: `[S, B, D]`. x: `[B, P]`. q: distribution with batch shape `[B]`, event shape `[D]`.
    weight W `[P, D]`, offset b `[P]`, scale s `[]`: x given z is N(W z + b, s² I); z is N(0, I).
    Returns `[B]`, the mean over samples of log p(x|z) + log p(z) − log q(z|x). About 4 lines.
    """
    ### BEGIN SOLUTION
    mean = z @ weight.T + offset  # [S, B, P]
    log_likelihood = Normal(mean, scale).log_prob(x).sum(-1)
    log_prior = Normal(torch.zeros_like(z), 1.0).log_prob(z).sum(-1)
    return (log_likelihood + log_prior - q.log_prob(z)).mean(0)
    ### END SOLUTION


# %%
small = LinearVAE(num_pixels=2, num_latents=1).requires_grad_(False)
small.offset += 1
small.log_scale += math.log(2)
x = torch.tensor([[2.0, -3.0]])
q, scale = small.exact_posterior(x), small.log_scale.exp()
print("log p(x) is", small.log_evidence(x), "and q is the posterior")
for z in q.sample((3, 1)):
    print("one sample gives", sampled_elbo(z, x, q, small.weight, small.offset, scale))

# %% nbgrader={"grade": true, "grade_id": "test_sampled_elbo", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# right at given samples, also where log q − log p is negative; log p(x) if q is the posterior
checks.sampled_elbo_is_exact(sampled_elbo, seed=1)
### BEGIN HIDDEN TESTS
checks.sampled_elbo_is_exact(sampled_elbo, seed=2, num_examples=1, num_pixels=3, num_latents=1)
checks.sampled_elbo_is_exact(sampled_elbo, seed=3, num_examples=5, num_pixels=7, num_latents=4)
### END HIDDEN TESTS

# %% [markdown]
# Three ways to $\log p(x)$ for one model, which share nothing but the model: the Gaussian marginal; the closed-form ELBO plus the KL to the posterior; and single samples from the posterior. The cell stops if they differ.

# %% tags=["nbval-check-output"]
toy = LinearVAE(num_pixels=6, num_latents=2).double()
x = torch.randn(4, 6, dtype=torch.double)
marginal, true, guess = toy.log_evidence(x), toy.exact_posterior(x), toy.posterior(x)
diagonal = MultivariateNormal(guess.mean, torch.diag_embed(guess.variance))
by_identity = toy.elbo(x) + kl_divergence(diagonal, true)
z = true.sample()
log_x_given_z = Normal(z @ toy.weight.T + toy.offset, toy.log_scale.exp()).log_prob(x).sum(-1)
by_sampling = log_x_given_z + Normal(0.0, 1.0).log_prob(z).sum(-1) - true.log_prob(z)
assert torch.allclose(marginal, by_identity) and torch.allclose(marginal, by_sampling)
print("marginal, ELBO + KL, and one sample from the posterior agree for all", len(x), "examples")

# %% [markdown]
# And the promise of section 4: how much noise has the ELBO of *one* sample? Once for a $q$ that is far too narrow, once for the posterior.

# %%
standard = MultivariateNormal(torch.zeros(2).double(), torch.eye(2).double())
narrow = MultivariateNormal(true.mean, 0.01 * torch.eye(2).double())
print("standard deviation of one sample    KL in closed form   all three terms sampled")
for name, q in (("a narrow q", narrow), ("the posterior", true)):
    z = q.sample((10_000,))
    told = Normal(z @ toy.weight.T + toy.offset, toy.log_scale.exp()).log_prob(x).sum(-1)
    closed = told - kl_divergence(q, standard)
    sampled = told + standard.log_prob(z) - q.log_prob(z)
    print(f"{name:32s} {closed.std(0).mean():20.3f} {sampled.std(0).mean():25.3f}")

# %% [markdown]
# The closed form saves noise where $q$ is far from the posterior. Where $q$ arrives, it costs noise: nothing is left to cancel that of $\log p(x \mid z)$.
#
# ### Exercise 6 · The best linear VAE is probabilistic PCA (3 points, 15 minutes)
#
# Which $W$, $b$ and $s^2$ maximise the likelihood of data? Tipping and Bishop (1999) answer with the eigenvalues $\ell_1 \ge \dots \ge \ell_P$ of the data's covariance $\frac1N \sum_n (x_n - b)(x_n - b)^\top$ and its eigenvectors, the columns of $U$:
#
# $$b = \bar x, \qquad s^2 = \frac{1}{P - D} \sum_{i > D} \ell_i, \qquad W = U_D \operatorname{diag}\big(\sqrt{\ell_i - s^2}\big)_{i \le D}.$$
#
# The noise gets the mean of what is thrown away; each kept direction gets what is left of its variance when the noise is taken off. ($W$ may be rotated in latent space; $W W^\top$ stays.)
#
# <details><summary>Hint 1</summary>
#
# `torch.linalg.eigh(covariance)` gives eigenvalues in *ascending* order, and eigenvectors as columns. `.flip(-1)` turns both round.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `torch.cov(x.T, correction=0)` is the covariance divided by N. Or centre the data and multiply.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "ppca_optimum", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ppca_optimum(x, num_latents):
    """Maximum-likelihood W and s² of the linear VAE.

    x: data, not centred, `[N, P]`. num_latents: D, below P.
    Returns (W `[P, D]`, s² `[]`). About 4 lines.
    """
    ### BEGIN SOLUTION
    eigenvalues, vectors = torch.linalg.eigh(torch.cov(x.T, correction=0))  # ascending
    noise = eigenvalues[:-num_latents].mean()
    return vectors[:, -num_latents:] * (eigenvalues[-num_latents:] - noise).sqrt(), noise
    ### END SOLUTION


# %%
your_weight, your_noise = ppca_optimum(images.train.flat.double(), 2)
one, two = your_weight.norm(dim=0)
print(f"two directions of the scans: lengths {one:.3f}, {two:.3f}; s is {your_noise.sqrt():.3f}")

# %% nbgrader={"grade": true, "grade_id": "test_ppca_optimum", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# W Wᵀ + s² I is the best covariance, and the gradient of the likelihood vanishes there
checks.ppca_is_optimal(ppca_optimum, seed=1)
### BEGIN HIDDEN TESTS
checks.ppca_is_optimal(ppca_optimum, seed=2, num_rows=40, num_pixels=7, num_latents=3)
checks.ppca_is_optimal(ppca_optimum, seed=3, num_rows=200, num_pixels=4, num_latents=1)
### END HIDDEN TESTS

# %% [markdown]
# Does training find it? The cell climbs the ELBO of a linear VAE on the grey scans, from random matrices. Nobody tells it about eigenvalues. The last two columns should meet the value in the first line.

# %%
scans = images.train.flat.double()
W, b, s = ppca(scans, 4)
best = MultivariateNormal(b, W @ W.T + s**2 * torch.eye(P)).log_prob(scans).mean()
print(f"probabilistic PCA: log p(x) {best:.2f}")
linear = LinearVAE(P, 4).double()
steps = optimisers(linear, 0.02)
for step in range(301):
    loss = -linear.elbo(scans).mean()
    steps.zero_grad()
    loss.backward()
    if step in (0, 25, 50, 100, 300):
        log_p = linear.log_evidence(scans).mean()
        print(f"step {step:4d}: ELBO {-loss:9.2f}   log p(x) {log_p:9.2f}")
    steps.step()

# %% [markdown]
# The ELBO reaches $\log p(x)$: at the optimum the posterior of this model is a diagonal Gaussian that a matrix can compute, so nothing is lost. With networks neither is true any more, and sections 7 and 8 measure what that costs.
#
# ## 6 · Four bugs
#
# A VAE that is wrong still trains. The loss falls and nothing crashes. Here is one with **four bugs**.

# %%
def broken_nelbo(x, encode, decode, noise):
    """Mean −ELBO of pictures `[B, P]`, from one sample each. With four bugs."""
    mean, log_variance = encode(x).chunk(2, -1)
    z = (mean + log_variance.exp() * noise).detach()
    rate = 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).mean(-1)
    distortion = binary_cross_entropy_with_logits(decode(z), x, reduction="none").mean(-1)
    return (distortion + rate).mean()


# %%
def networks(model):
    """Encoder and decoder; the library's encoder reads ink and paper as 1 and −1."""
    return lambda x: model.encoder(2 * x - 1), model.decoder


def fit(nelbo, epochs=30):
    """A VAE with two latent dimensions, trained with a loss."""
    torch.manual_seed(seed)
    model = vae_experiment.VAE(P, 2, hidden=32).to(device)

    def objective(x):
        noise = torch.randn(len(x), 2, device=device)
        return {"loss": nelbo(x, *networks(model), noise)}

    sheets = vae_experiment.PixelBatches(images.train.flat.to(device), 100, datasets.binarise)
    history = train(objective, sheets, optimisers(model, 3e-3), epochs, progress=False)
    print("loss, every fifth epoch:", *[f"{loss:.3f}" for loss in history["loss"][4::5]])
    return model


ailing = fit(broken_nelbo)

# %% [markdown]
# ### Exercise 7 · Mend it (4 points, 15 minutes)
#
# Write the loss without the bugs. Change as little as you can. The check tells you which bugs are still there.
#
# <details><summary>Hint 1</summary>
#
# Three of them you have met in exercises 1 and 4. The fourth is a wrong verb, too: it averages what must be summed.
#
# </details>
# <details><summary>Hint 2</summary>
#
# One in each line of the body but the first and the last; the line of `z` has two.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "mended_nelbo", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mended_nelbo(x, encode, decode, noise):
    """Mean −ELBO of pictures, from one sample each, in nats. `broken_nelbo` without its bugs.

    x: zeros and ones, `[B, P]`. noise: draws from N(0, 1), `[B, D]`.
    encode: x → means and log variances side by side, `[B, 2D]`.
    decode: z → logits of ink, `[B, P]`.
    Returns the loss `[]`, with gradients into both networks. About 5 lines.
    """
    ### BEGIN SOLUTION
    mean, log_variance = encode(x).chunk(2, -1)
    z = mean + (0.5 * log_variance).exp() * noise
    rate = 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).sum(-1)
    distortion = binary_cross_entropy_with_logits(decode(z), x, reduction="none").sum(-1)
    return (distortion + rate).mean()
    ### END SOLUTION


# %%
mended = fit(mended_nelbo)
corners = 1.5 * torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]], device=device)
with torch.no_grad():
    for name, model in (("broken", ailing), ("mended", mended)):
        noise = torch.randn(len(x_test), 2, device=device)
        nelbo = mended_nelbo(x_test, *networks(model), noise)
        print(f"trained with the {name} loss: −ELBO {nelbo:.2f} nats a sheet; at four z it draws")
        sheet(*model.decoder(corners).sigmoid().view(4, *images.size))

# %% nbgrader={"grade": true, "grade_id": "test_mended_nelbo", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# value and gradients in both networks are those of a VAE that was written another way
checks.vae_is_mended(mended_nelbo, seed=1)
### BEGIN HIDDEN TESTS
checks.vae_is_mended(mended_nelbo, seed=2)
### END HIDDEN TESTS

# %% [markdown]
# Look at what the two draw at four different $z$. The broken one draws nearly the same picture everywhere, the mean of all scans: its encoder heard nothing from the decoder, so $z$ came to say nothing.
# It trained happily, and learned what a model without $z$ knows: compare its −ELBO with the row *independent pixels* in the table of section 11.
#
# ## 7 · The map
#
# Now with networks, two latent dimensions, and fresh sheets. Two dimensions are few for a good model. But they can be *seen*, and integrated: with a grid over the plane, $\log p(x)$ and the posterior are as good as exact.

# %% tags=["long"]
learn = partial(vae_experiment.train_vae, preset=preset, seed=seed, device=device)
flat = learn(images, num_latents=2, name="2 latent dimensions")
plane = PlaneModel(flat.model, x_test, labels=images.test.label)
exact_log_p = plane.evidence  # [N], by quadrature over the plane
found = report(flat.model, x_test, preset.num_importance)
print(f"log p(x), mean over test: by the grid {exact_log_p.mean():.3f} nats")
print(f"    by importance sampling {found.log_evidence:.3f} ± {found.sampling_error:.3f}")

# %% [markdown]
# The $\pm$ of importance sampling is an estimate itself, and too small where few samples carry the weight. Only here, where the truth is known, can you see by how much; section 11 comes back to it.
#
# Each tile shows what the decoder draws at that point of the plane. Choose a sheet $x$, and you see on the map where the model thinks it came from: the filled region is the **exact** posterior, the dashed ellipses are the encoder's guess $q$.
# Of each pair of lines the inner one holds half of the mass, the outer one 95 %. The panel in the middle is a magnifying glass; the frame on the map shows what it sees. Click a tile, or move the two sliders, to put $z$ anywhere.
#
# 1. The map opens on the sheet with the largest gap. What does its posterior look like, and where does the encoder put $q$?
# 2. Press *refined*: $q$ is now the best ellipse near by for this one sheet. What did it give up, and how large is the KL that remains?
# 3. Choose the fourth sheet of the menu, an ordinary one. Put $z$ into the middle of its posterior. Does the decoded picture resemble the sheet? Walk out of it in a straight line: what changes first?
# 4. Find a place on the map where the decoder draws nothing that you could read. Does the prior put mass there?

# %% tags=["long"]
latent_map.explore(plane)

# %% [markdown]
# <details><summary>What was there to be seen? (open after playing)</summary>
#
# 1. It has two parts: the model has two explanations for the sheet. The encoder puts $q$ between them, where hardly any of the posterior is: one network answers for all sheets.
# 2. One of the two parts. That is cheap: a $q$ that fits one of two equal parts perfectly pays $\log 2 = 0.69$ nats, because the KL is the reverse one. What refining gained was the encoder's loss. What is left belongs to the family of axis-parallel ellipses.
# 3. It is close to the sheet, but greyer: it is a mean over all sheets from there.
# 4. Between the digits, and the prior does put mass there: nothing in the ELBO forbids it. That is why samples from the prior look worse than reconstructions.
#
# </details>
#
# ## 8 · Whose gap is it?
#
# Let $q^*$ be the best $q$ of the family for one picture. Then
#
# $$\log p(x) - \mathrm{ELBO}(q_\lambda) = \underbrace{\mathrm{ELBO}(q^*) - \mathrm{ELBO}(q_\lambda)}_{\text{amortisation gap: the encoder's}} + \underbrace{\log p(x) - \mathrm{ELBO}(q^*)}_{\text{the family's}}.$$
#
# The encoder must give a good answer for every picture with one set of weights. To see what that costs, take its answer as a *start*, and let each picture climb its own ELBO.
#
# ### Exercise 8 · Local refinement (3 points, 12 minutes)
#
# Any optimiser will do; 100 steps of Adam with a learning rate of 0.1 suffice. The examples of a batch do not meet, so the sum of their ELBOs climbs for each of them.
#
# <details><summary>Hint 1</summary>
#
# Start from `mean.detach().clone().requires_grad_()`, and the same for `log_sd`. Without `detach` your gradient runs on into the encoder; without `clone` you change what you were given.
#
# </details>
# <details><summary>Hint 2</summary>
#
# In the loop: `optimiser.zero_grad()`, then `(-elbo(m, a).sum()).backward()`, then `optimiser.step()`. An optimiser *lowers* its loss.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "refine_locally", "locked": false, "schema_version": 3, "solution": true, "task": false}
def refine_locally(mean, log_sd, elbo):
    """A better mean and log sd for each example, by gradient ascent from the encoder's.

    mean, log_sd: what the encoder says, `[B, D]` each, with its graph. They stay as they are.
    elbo: maps mean and log sd, `[B, D]` each, to the ELBO of each example, `[B]`.
    Returns (mean `[B, D]`, log sd `[B, D]`), detached. About 7 lines.
    """
    ### BEGIN SOLUTION
    m, a = mean.detach().clone().requires_grad_(), log_sd.detach().clone().requires_grad_()
    optimiser = torch.optim.Adam([m, a], lr=0.1)
    for _ in range(100):
        optimiser.zero_grad()
        (-elbo(m, a).sum()).backward()
        optimiser.step()
    return m.detach(), a.detach()
    ### END SOLUTION


# %%
def bowl(m, a):
    """A made-up ELBO: best at mean 1 and sd 1."""
    return -((m - 1) ** 2).sum(-1) - (a**2).sum(-1)


print("should be about 1 and 0:", *refine_locally(torch.zeros(1, 2), torch.ones(1, 2), bowl))

# %% nbgrader={"grade": true, "grade_id": "test_refine_locally", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# linear-Gaussian model: nine tenths of each example's amortisation gap are closed, or more
checks.refinement_shrinks_the_gap(refine_locally, seed=1)
### BEGIN HIDDEN TESTS
checks.refinement_shrinks_the_gap(refine_locally, seed=2, num_examples=7)
### END HIDDEN TESTS

# %% [markdown]
# On the map everything is exact: both ELBOs and $\log p(x)$ by quadrature. **Predict, then run.** Which share of the gap is the encoder's?

# %%
your_share = 0.5  # of the gap, on average over test sheets

# %% tags=["long"]
q = flat.model.posterior(x_test)
refined = refine(q, lambda z: flat.model.log_likelihood(x_test, z), flat.model.prior())
first, second = plane.elbo(q), plane.elbo(refined)
whole = exact_log_p - first
print("gap in nats:             mean   largest")
for name, gap in (
    ("of the encoder's q", whole),
    ("  lost by the encoder", second - first),
    ("  lost by the family", exact_log_p - second),
):
    print(f"{name:22s} {gap.mean():6.3f} {gap.max():9.2f}")
share = (second - first).mean() / whole.mean()
print(f"the encoder's share is {share:.0%}; you said {your_share:.0%}")

# %% [markdown]
# ### In your own words 1 · What would you buy? (3 points, 10 minutes)
#
# A colleague's VAE has 40 latent dimensions. On test pictures she finds: ELBO of the encoder −96.0; ELBO after refining each picture −93.5; $\log p(x)$ by importance sampling −92.9 ± 0.1; on *training* pictures the encoder's ELBO is −91.0.
# She has the time for one change: (a) a more flexible family for $q$, such as a flow; (b) a larger encoder; (c) something against overfitting; (d) more importance samples.
# Say for each what it could gain in test ELBO at most, as far as these numbers tell, and choose. Four to six sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_what_to_buy", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# === BEGIN MARK SCHEME ===
#
# - **1 point** – the gap on test is 96.0 − 92.9 = 3.1 nats; 2.5 of them are the encoder's (amortisation), about 0.6 the family's: (a) buys at most 0.6 for the model as it is.
# - **1 point** – the encoder is better on training pictures by 5 nats: generalisation is at stake, of encoder, decoder or both. A *larger* encoder (b) need not help on new pictures, and may overfit more; (c) addresses what the numbers show. Either choice is accepted if this is weighed.
# - **½ point** – (d) makes the estimate of log p(x) more precise (and a little higher); it changes neither the model nor the bound.
# - **½ point** – a caveat: refinement may not have arrived, importance sampling is too low on average, so the family's share is uncertain; or: a better q in training also changes θ.
#
# === END MARK SCHEME ===
# ### BEGIN SOLUTION
# The test gap is 3.1 nats. Refinement wins 2.5 of them back, so that much is lost by the encoder; a more flexible family (a) could win only the remaining 0.6, for the decoder as it is. (d) would sharpen the number −92.9 and change no model.
# On training pictures the bound is 5 nats better than on test pictures, so something does not carry over to new pictures: the encoder, which was fitted to the training pictures, or the decoder.
# A larger encoder (b) could close part of the 2.5 nats, but it could also fit the training pictures still more closely. I would try (c) first: fresh binarisation, early stopping, a smaller decoder. Then I would measure the same four numbers again.
# The family's share is a difference of two estimates: refinement may not have arrived and importance sampling is too low on average. And with a better $q$ in training the decoder would come out differently, too.
# ### END SOLUTION

# %% [markdown]
# ## 9 · Fresh or fixed
#
# Same model, same number of steps, eight latent dimensions (`preset.num_latents`). One sees fresh sheets all the time; the other sees the same sheets over and over.

# %% tags=["long"]
runs = {"fresh": learn(images, name="fresh"), "fixed": learn(fixed, name="fixed")}
seen = fixed.train.flat[: len(x_test)].to(device)  # sheets that only the second model has seen
print("ELBO on fixed sheets:   training    test   difference")
for name, run in runs.items():
    on_train, on_test = (report(run.model, x, 100).elbo for x in (seen, x_test))
    print(f"{name + ' coins':22s} {on_train:9.2f} {on_test:7.2f} {on_train - on_test:12.2f}")

# %% [markdown]
# The fresh model has seen the scans behind the training sheets, but never these coins: its difference is small. The fixed model has seen these very coins in every epoch, and learned some of them by heart.
# Fresh coins are a form of data augmentation. Numbers *on test sheets* that were obtained in one way must not stand in a table beside numbers obtained in the other. Here both models are tested on the same fixed sheets. MNIST has both traditions: a fixed file by Salakhutdinov and Murray (2008), and fresh coins (Burda et al., 2016).
#
# ## 10 · Greys, and a likelihood that is none
#
# Why binarise at all? The formula $x a - \log(1 + e^a)$ accepts a grey $x = 0.4$ without complaint. But is it the logarithm of a *density* on $[0, 1]$? Then it must integrate to 1. **Predict, then run**: too much, or too little?

# %% tags=["nbval-check-output"]
greys = torch.linspace(0, 1, 100_001, dtype=torch.double)
for a in (0.0, 1.0, 3.0, 6.0):
    logit = torch.tensor([[a]], dtype=torch.double)
    values = BernoulliPixels().log_prob(logit, greys[:, None]).exp()
    mass = torch.trapezoid(values, greys)
    print(f"logit {a:.0f}: the Bernoulli formula has mass {mass:.3f} on [0, 1]")

# %% [markdown]
# A density has mass 1. This has one half for a pixel in doubt, and less for a sure one. The mass is known in closed form; divide by it, and you get a distribution of its own, the **continuous Bernoulli** (Loaiza-Ganem and Cunningham, 2019):
#
# $$p(x \mid a) = C(a)\, \pi^x (1 - \pi)^{1 - x}, \qquad \pi = \operatorname{sigmoid}(a), \qquad C(a) = \frac{a}{\tanh(a/2)}, \qquad C(0) = 2.$$
#
# $C(a)$ is 1 over the masses above. It is no constant: it depends on $a$, so the model that you get without it is another one, not only the number.
#
# The scans have a few greys only, and a density could grow without bound on them. So we spread each grey over its cell: $(k + u)/L$ with $u$ uniform, $L$ greys.
# Then a density of $x \in [0, 1]^P$ and a probability of the greys say the same thing, up to the width of a cell: $\log P(\text{greys}) \ge \mathbb{E}_u[\log p(x)] - P \log L$.
#
# ### Exercise 9 · Bits per pixel (1 point, 5 minutes)
#
# Papers report bits per pixel *of the greys*: $-\log_2$ of a probability, divided by $P$. You have the log density of $x \in [0, 1]^P$ in nats.
#
# <details><summary>Hint 1</summary>
#
# A cell has width $1/L$. If a density is $p$ all over a cell, the cell has probability $p / L$: each pixel costs $\log_2 L$ bits more than the density says.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "bits_per_pixel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bits_per_pixel(log_density, num_pixels, num_levels):
    """Bits per pixel of the greys, from the log density of x = (greys + u) / L in [0, 1]^P.

    log_density: in nats, `[B]`. num_pixels: P. num_levels: L, the number of greys.
    Returns `[B]`; lower is better. One line.
    """
    ### BEGIN SOLUTION
    return -log_density / (num_pixels * math.log(2)) + math.log2(num_levels)
    ### END SOLUTION


# %%
print("a uniform density costs log₂ 256 = 8 bits:", bits_per_pixel(torch.zeros(1), 64, 256))

# %% nbgrader={"grade": true, "grade_id": "test_bits_per_pixel", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# a table of probabilities, told as a density, costs −log₂ p bits
checks.bits_per_pixel_is_exact(bits_per_pixel, seed=1)
### BEGIN HIDDEN TESTS
checks.bits_per_pixel_is_exact(bits_per_pixel, seed=2)
### END HIDDEN TESTS

# %% [markdown]
# Three models of the grey scans. *Reported* is what the training objective says about test scans. *Density* is $\log p(x)$ by importance sampling, with the normaliser put back where it was left out.

# %% tags=["long"]
levels = len(images.train.pixels.unique())
spread_out = partial(vae_experiment.dequantise, num_levels=levels)
scans = spread_out(grey_test)
print(f"{levels:3d} greys              reported    density       bits per pixel")
for pixels in (BernoulliPixels(), ContinuousBernoulliPixels(), GaussianPixels()):
    name = type(pixels).__name__.removesuffix("Pixels")
    model = learn(images, draw=spread_out, pixels=pixels, progress=False).model
    reported = report(model, scans, 50).elbo
    if name == "Bernoulli":
        model.pixels = ContinuousBernoulliPixels()
    honest = report(model, scans, preset.num_importance)
    bits = bounds.bits_per_dimension(torch.tensor(honest.log_evidence), P) + math.log2(levels)
    density = f"{honest.log_evidence:10.1f} ± {honest.split_error:.1f}"
    print(f"{name:20s} {reported:10.1f} {density} {bits:12.3f}")
missed = (scans - model.decode(model.posterior(scans).mean)).std(0)  # of the Gaussian's model
print(f"The Gaussian has one s, {model.pixels.log_scale.exp():.3f}.", end=" ")
print(f"What it misses per cell has sd {missed.min():.3f} to {missed.max():.3f}.")

# %% [markdown]
# By its *reported* number the Bernoulli is the worst of the three. But that number is no log density, so it cannot be compared with the others at all. The *density* can. And leaving out the normaliser did not only change the number, it trained another model:
# the same two networks fit the greys better where the objective is a density of greys.
#
# The Gaussian pays twice. A part of its density lies outside $[0, 1]$. And it has one $s$ for all cells: cells that are nearly always paper would like a much smaller one, as the last line shows.
#
# ### In your own words 2 · Two numbers, one table (3 points, 10 minutes)
#
# A table in a draft says: *MNIST, grey pixels in [0, 1]. VAE with Bernoulli likelihood: −101 nats. VAE with Gaussian likelihood: +1240 nats. We conclude that the Gaussian likelihood explains the data far better.*
# What is wrong with the first number, what is wrong with the comparison, and what would you put into the table instead? Four to six sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_two_numbers", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# === BEGIN MARK SCHEME ===
#
# - **1 point** – the Bernoulli formula on greys is not a log density: its mass on [0, 1] is below 1 and depends on the logit. (Or: read as a probability of zeros and ones it belongs to other data.)
# - **1 point** – a density and a probability (or a non-density) cannot be compared; a density may be positive in log and grows with the scale of x or as s shrinks; without dequantisation it has no bound.
# - **1 point** – a remedy: the same data for both (binarised, and both discrete; or dequantised greys), a normalised likelihood such as the continuous Bernoulli, reported in bits per pixel, with errors; importance-sampled log p(x) or clearly marked bounds.
#
# Half a point off for "the Bernoulli is only off by a constant".
#
# === END MARK SCHEME ===
# ### BEGIN SOLUTION
# On greys the Bernoulli formula is no density: it integrates to at most one half, and to less where the logit is large, so −101 is the logarithm of nothing in particular. If instead the pixels were binarised, it is a log probability of *other data*.
# The Gaussian number is the log of a density; it is positive because a density may exceed 1, it changes with the unit of x, and without dequantisation it can be raised without end by shrinking s on the few greys that occur.
# A probability and a density, or two different data sets, cannot stand in one column. I would dequantise the greys, train the continuous Bernoulli and the Gaussian on them, and report bits per pixel of importance-sampled $\log p(x)$ with standard errors; or binarise, say how, and use the Bernoulli for zeros and ones only.
# ### END SOLUTION

# %% [markdown]
# ## 11 · The honest table
#
# A VAE's ELBO alone says little. Beside it belong: its two terms; $\log p(x)$ with the error of the estimate; a control **without** a latent variable; and a ceiling, where one is known. Here it is:
# the coins of the binarisation cannot be predicted by anyone, so on average no model gets above minus their entropy.

# %% tags=["long"]
control = IndependentPixels(images.train.flat.to(device)).log_prob(x_test)
coins = torch.special.entr(grey_test) + torch.special.entr(1 - grey_test)
ceiling = -coins.sum(-1).mean()
split, bits = control.std() / len(control) ** 0.5, -control.mean() / P / math.log(2)
print(f"{images.record.name}, test sheets; {preset.num_importance} samples a sheet")
print(f"{'':22s}   ELBO  reconstr.   KL  log p(x)  sampling   split  bits/pixel   ESS")
print(f"{'a fair coin per cell':44s}{-P * math.log(2):10.2f} {'':18s}{1:11.3f}")
print(f"{'independent pixels':44s}{control.mean():10.2f} {'':9s}  ± {split:.2f} {bits:11.3f}")
trained = {"2 dimensions, fresh": flat.model}
trained |= {f"{preset.num_latents} dimensions, {how}": run.model for how, run in runs.items()}
for name, model in trained.items():
    r = report(model, x_test, preset.num_importance)
    bound = f"{name:22s}{r.elbo:7.2f} {r.reconstruction:9.2f} {r.rate:4.2f}"
    estimate = f"{r.log_evidence:9.2f}   ± {r.sampling_error:.3f}  ± {r.split_error:.2f}"
    print(f"{bound} {estimate} {r.bits:11.3f} {r.effective:5.0f}")
    if model is flat.model:
        print(f"{'  the same, by the grid':44s}{exact_log_p.mean():10.2f}")
print(f"{'ceiling: minus the entropy of the coins':44s}{ceiling:10.2f}")

# %% [markdown]
# How to read it. ELBO = reconstruction − KL. *Sampling* is the error of importance sampling for these very sheets; *split* is there because the test sheets are only a sample of all sheets. Two rows of the same sheets share the second error, so compare them sheet by sheet: the next cell does.
# *ESS* is the smallest effective sample size of a sheet: where it is near 1, one sample carried the estimate, and the standard error cannot be trusted for that sheet. (Unit 11 is about this.)
#
# The control already gets far from the fair coins: most cells are ink or paper whatever the digit. What a VAE adds is the distance from that row, and the distance to the ceiling is the most that any model could still add.
# The ceiling is not reached even by a perfect model, because scans differ, too.

# %% tags=["long"]
def log_p_of(model):
    with torch.no_grad():
        q, num_samples = model.posterior(x_test), preset.num_importance
        found = bounds.importance(q, lambda z: model.log_joint(x_test, z), num_samples, 100)
    return found.log_evidence


by_sheet = {name: log_p_of(run.model) for name, run in {"two": flat, **runs}.items()}
by_sheet["control"] = control
for better, worse in (("two", "control"), ("fresh", "two"), ("fresh", "fixed")):
    gain = by_sheet[better] - by_sheet[worse]
    error, share = gain.std() / len(gain) ** 0.5, (gain > 0).double().mean()
    margin = f"{gain.mean():+.2f} ± {error:.2f} nats a sheet"
    print(f"log p(x), {better:5s} − {worse:7s}: {margin}; better on {share:.0%} of the sheets")
off = by_sheet["two"] - exact_log_p.to(device)
print(f"two: importance sampling − grid {off.mean():+.3f}", end="; ")
print(f"by sheet {off.min():+.2f} to {off.max():+.2f}")

# %% [markdown]
# The last line is the warning about ESS, made visible: on average over sheets the estimate is good, on a single sheet it may not be.
#
# The errors beside the gains say how far the difference may depend on *which sheets* are in the test split. They do not say how far it depends on the seed of the training: each row is one run. To claim that one kind of model is better, train each with several seeds.

# %% [markdown]
# ## On your own
#
# - **A larger K.** Replace the loss by `-bounds.iwae(log_w).mean()` with 5 and 50 samples. What happens to the *ELBO* of that model? (Unit 11.)
# - **Sticking the landing.** Detach the parameters of $q$ in $\log q(z \mid x)$, keep the path through $z$, and measure the gradient's variance as $q$ nears the posterior.
# - **Other pictures.** Set `source = "fashion_mnist"` with `VILIB_DATA` or a network. Which likelihood suits clothes, and why is Bernoulli worse there than for digits?
# - **A full covariance.** Let the encoder put out a Cholesky factor. How much of the family's gap on the map disappears?
# - **Words.** Take a bag of words as $x$, with a multinomial likelihood. Which lines change? (Unit 14 calls it a neural topic model.)
# - **Paper scale.** `scale = "paper"`: two layers of 200, 50 latent dimensions, 500 epochs of MNIST on a GPU.
#
# ## Further reading
#
# - D. P. Kingma, M. Welling (2014). Auto-Encoding Variational Bayes. *ICLR*. <https://arxiv.org/abs/1312.6114>
# - D. J. Rezende, S. Mohamed, D. Wierstra (2014). Stochastic Backpropagation and Approximate Inference in Deep Generative Models. *ICML*. <https://arxiv.org/abs/1401.4082>
# - M. E. Tipping, C. M. Bishop (1999). Probabilistic Principal Component Analysis. *Journal of the Royal Statistical Society B* 61 (3), 611–622. <https://doi.org/10.1111/1467-9868.00196>
# - J. Lucas, G. Tucker, R. Grosse, M. Norouzi (2019). Don't Blame the ELBO! A Linear VAE Perspective on Posterior Collapse. *NeurIPS*. <https://arxiv.org/abs/1911.02469>. The linear VAE's optimum.
# - C. Cremer, X. Li, D. Duvenaud (2018). Inference Suboptimality in Variational Autoencoders. *ICML*. <https://arxiv.org/abs/1801.03558>. Amortisation gap and family gap.
# - Y. Kim, S. Wiseman, A. C. Miller, D. Sontag, A. M. Rush (2018). Semi-Amortized Variational Autoencoders. *ICML*. <https://arxiv.org/abs/1802.02550>. Refinement inside training.
# - G. Loaiza-Ganem, J. P. Cunningham (2019). The Continuous Bernoulli: Fixing a Pervasive Error in Variational Autoencoders. *NeurIPS*. <https://arxiv.org/abs/1907.06845>
# - L. Theis, A. van den Oord, M. Bethge (2016). A Note on the Evaluation of Generative Models. *ICLR*. <https://arxiv.org/abs/1511.01844>. Dequantisation, bits, and what a likelihood does not say.
# - R. Salakhutdinov, I. Murray (2008). On the Quantitative Analysis of Deep Belief Networks. *ICML*. <https://doi.org/10.1145/1390156.1390266>. The fixed binarisation of MNIST.
# - Y. Burda, R. Grosse, R. Salakhutdinov (2016). Importance Weighted Autoencoders. *ICLR*. <https://arxiv.org/abs/1509.00519>. Fresh binarisation; log p(x) by importance sampling.
# - M. Figurnov, S. Mohamed, A. Mnih (2018). Implicit Reparameterization Gradients. *NeurIPS*. <https://arxiv.org/abs/1805.08498>. A path from the distribution function alone.
# - E. Alpaydin, C. Kaynak (1998). Optical Recognition of Handwritten Digits. *UCI Machine Learning Repository*. <https://doi.org/10.24432/C50P49>. The digits.
