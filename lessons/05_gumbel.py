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
# # 5 · Melting dice
#
# **What you'll do.** Roll dice in a way that lets a gradient through: melt them, roll, and cool them again. You learn what that buys, and what it costs.
# At the end you train autoencoders whose code is made of bits and of dice. Eight exercises ask for a few lines of code each, and two for an answer in words; the code is checked against the truth.
#
# **What you'll learn**
#
# - why a discrete variable has no reparameterisation with a useful derivative;
# - the Gumbel-max trick, the Concrete distribution (also called Gumbel-softmax) and its density;
# - straight-through: hard forwards, soft backwards;
# - to test whether a gradient is biased, and to trade bias against variance with a temperature;
# - which KL goes with a soft sample, and how one gets an "ELBO" above $\log p(x)$.
#
# **What you'll need.** Unit 01 (ELBO, KL, standard error). Unit 04 (score function, leave-one-out, straight-through for bits).
#
# **Time.** Reading 40 minutes, writing 110 minutes, computing about 2 minutes. The end of section 5 is a good place for a break; sections 8 and 9 have nothing to program and can wait for another day.
# Exercises do not build on each other's code: if one resists, go on. There are 25 points.

# %% tags=["parameters"]
scale = "class"  # or "paper": the sizes and steps of the papers
seed = 1

# %%
import sys

if "google.colab" in sys.modules:  # Colab starts without vilib; everywhere else this does nothing
    from IPython import get_ipython

    package = "git+https://github.com/vilib-course/vilib"
    get_ipython().run_line_magic("pip", f"install -q --no-deps {package}")

# %%
import torch
from torch.distributions import Bernoulli, OneHotCategorical, kl_divergence
from torch.nn.functional import logsigmoid, one_hot

import vilib
from vilib import checks, datasets, exact
from vilib.distributions import BinaryConcrete
from vilib.estimators import DisARM, GumbelSoftmax, GumbelStraightThrough
from vilib.estimators import ScoreFunction, StraightThroughBernoulli, baselines
from vilib.figures import promises
from vilib.figures.estimator_race import race
from vilib.figures.melting_dice import roll
from vilib.figures.promises import Promise
from vilib.models.annealing import Annealed, Cooling
from vilib.models.discrete_experiment import evaluate_discrete, pixel_baseline, train_discrete
from vilib.models.discrete_presets import DISCRETE_PRESETS
from vilib.models.gradient_report import exact_encoder_gradient, gradient_report
from vilib.models.published import published
from vilib.models.results import recorded
from vilib.widgets import melting_dice
from vilib.widgets.still import show_still

# %%
torch.manual_seed(seed)
# on a shared machine two threads that wait for each other can be twenty times slower than one
torch.set_num_threads(1)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
vilib.doctor("05_gumbel", minutes=2)

# %% [markdown]
# ## 1 · A derivative that is not there
#
# Somebody writes a note. First a topic is rolled: *sport*, *law* or *film*. Then the words follow. You hold the note, and it contains the word *goal*.
# The topic is a die $z$ with $K = 3$ faces, written as a one-hot row: $(1, 0, 0)$ is sport. Your $q(z) = \mathrm{softmax}(a)$ has one logit per face.
# A small network says how well a topic explains the word,
#
# $$f(z) = \log p(\text{goal} \mid z) = \log \sigma(w^\top z),$$
#
# and to improve $q$ you need $\nabla_a\, \mathbb{E}_q[f(z)]$. With three faces the sum is exact:

# %% tags=["nbval-check-output"]
topics = ["sport", "law", "film"]
logits = torch.tensor([1.2, -0.3, -1.0], dtype=torch.double)  # a
weights = torch.tensor([3.0, -2.0, 0.5], dtype=torch.double)  # w


def f(z):
    """log p(goal | z), `[..., 3]` → `[...]`; the network also takes rows between the corners."""
    return logsigmoid(z @ weights.to(z))


def die(logits):
    return OneHotCategorical(logits=logits)


leaf = logits.clone().requires_grad_()
(slopes,) = exact.gradient(die(leaf[None]), f, [leaf])
for topic, p, value, slope in zip(topics, logits.softmax(-1), f(torch.eye(3)), slopes):
    print(f"{topic:6s} q = {p:.2f}   f = {value:6.2f}   exact slope {slope:+.3f}")

# %% [markdown]
# In unit 03, a Gaussian code was written as $z = \mu + \sigma \varepsilon$: noise without parameters, moved and stretched. Then the derivative goes *inside*:
# $\nabla\, \mathbb{E}[f(z)] = \mathbb{E}[\nabla f(\mu + \sigma\varepsilon)]$. Every distribution on the line can be written that way. Take $u \sim \mathrm{Uniform}(0, 1)$
# and push it through the inverse of the cumulative distribution function. So can a die:
#
# $$z = \text{face } k \quad\text{where}\quad p_1 + \dots + p_{k-1} \;<\; u \;<\; p_1 + \dots + p_k.$$
#
# ### Exercise 1 · The inverse cdf, and its slope (2 points, 12 minutes)
#
# Write the roll. Then write its slope by differences. Move the probabilities a little in a direction $d$ (whose entries sum to 0), forwards and backwards, keep $u$, and compare:
#
# $$\frac{z(p + h\,d;\, u) - z(p - h\,d;\, u)}{2h}.$$
#
# **Predict**, before you run the cell below yours: of ten slopes, how many will not be 0, and how large are they?
#
# <details><summary>Hint 1</summary>
#
# The index of the face is the number of thresholds below u. The thresholds are the running sums `probs.cumsum(-1)`, without the last one.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `(u[:, None] > thresholds).sum(-1)` counts them; `one_hot(index, K).to(probs.dtype)` makes rows of it. The slope is two calls and a division.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "inverse_cdf", "locked": false, "schema_version": 3, "solution": true, "task": false}
def inverse_cdf(probs, u):
    """Roll a die by the inverse of its cdf.

    probs: of the faces, `[K]`. u: uniform numbers, `[S]`.
    Returns one-hot rows, `[S, K]`, in the dtype of `probs`. About 2 lines.
    """
    ### BEGIN SOLUTION
    index = (u[:, None] > probs.cumsum(-1)[:-1]).sum(-1)
    return one_hot(index, len(probs)).to(probs.dtype)
    ### END SOLUTION


def slope_of_sample(probs, direction, u, step):
    """Central difference of each roll, (z(p + h d; u) − z(p − h d; u)) / 2h.

    probs: p, `[K]`. direction: d, `[K]`. u: `[S]`. step: h, a float.
    Returns `[S, K]`. One to three lines.
    """
    ### BEGIN SOLUTION
    up, down = inverse_cdf(probs + step * direction, u), inverse_cdf(probs - step * direction, u)
    return (up - down) / (2 * step)
    ### END SOLUTION


# %%
some_u = torch.linspace(0.05, 0.95, 10).double()
towards_sport = torch.tensor([1.0, -1.0, 0.0]).double()
print("faces: ", inverse_cdf(logits.softmax(-1), some_u).argmax(-1).tolist())
some_slopes = slope_of_sample(logits.softmax(-1), towards_sport, some_u, 0.01)
print("slopes of the first entry:", some_slopes[:, 0].tolist())

# %% nbgrader={"grade": true, "grade_id": "test_inverse_cdf", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# the rolls are right; the slope is 0 at nearly all u, its mean over a grid of u is the direction
checks.inverse_cdf_is_flat(inverse_cdf, slope_of_sample, seed=1)
### BEGIN HIDDEN TESTS
checks.inverse_cdf_is_flat(inverse_cdf, slope_of_sample, seed=2)
### END HIDDEN TESTS

# %% [markdown]
# The check said where the slope hides. At nearly every $u$ nothing moves. At a few $u$ the roll jumps, and the difference there is huge, about $1/2h$. Their mean is right.
# As $h \to 0$ the jumps become rarer and larger. In the limit they are at single points, and the derivative is **0 almost everywhere**. The next cell plays it through.

# %% tags=["nbval-check-output"]
u = (torch.arange(1_000_000).double() + 0.5) / 1_000_000
probs = logits.softmax(-1)
for step in (0.1, 0.01, 0.001):
    moved = ((u > probs[0] - step) & (u < probs[0] + step)).double()
    slope = moved / (2 * step)  # of the first entry
    where = f"the slope is {slope.max():3.0f} at {moved.mean():6.2%} of all u, else 0"
    print(f"h = {step:5.3f}: {where}; mean {slope.mean():.2f}, variance {slope.var():6.1f}")

# %% [markdown]
# The mean is right at every $h$, and the variance grows without bound. Autograd sees $h = 0$: a staircase, slope 0, and no step of training ever changes $q$.
# Any other way of writing $z$ as a function of noise has the same fate. A function whose values are three corners either stays or jumps.
#
# Two ways out. Unit 04 went round the sample (the score function). This unit changes the sample: **let it be a little soft.** For that we need another recipe for rolling.

# %% [markdown]
# ## 2 · A race of clocks
#
# Give every face $k$ an alarm clock that rings after an exponential waiting time $E_k / e^{a_k}$, where $E_k = -\log u_k$. The first one to ring wins.
# A face with a large $a_k$ has a fast clock. In each instant the chance that it is $k$'s clock that rings is proportional to $e^{a_k}$. Therefore
#
# $$P(k \text{ is first}) = \frac{e^{a_k}}{\sum_j e^{a_j}} = \mathrm{softmax}(a)_k.$$
#
# Now take $-\log$ of the waiting times: the *smallest* becomes the *largest*, and the quotient a sum.
#
# $$\arg\min_k \frac{E_k}{e^{a_k}} = \arg\max_k \big(a_k + g_k\big), \qquad g_k = -\log(-\log u_k).$$
#
# $g$ is **Gumbel noise**, and this is the **Gumbel-max trick**. It never needs the normaliser of $q$.
#
# ### Exercise 2 · Gumbel-max (2 points, 8 minutes)
#
# <details><summary>Hint 1</summary>
#
# Three steps: make noise from u, add it to the logits, take the largest entry of every row.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `keys.argmax(-1)` is `[S, B]`; `one_hot(…, K)` puts the axis of faces back, and `.to(logits.dtype)` makes numbers of it that have a mean.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "gumbel_max", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gumbel_max(logits, u):
    """Roll B dice S times by the Gumbel-max trick.

    logits: not normalised, `[B, K]`. u: uniform on (0, 1), `[S, B, K]`.
    Returns one-hot rows, `[S, B, K]`, in the dtype of the logits. About 2 lines.
    """
    ### BEGIN SOLUTION
    keys = logits - torch.log(-torch.log(u))
    return one_hot(keys.argmax(-1), logits.shape[-1]).to(logits.dtype)
    ### END SOLUTION


# %%
rolls = gumbel_max(logits[None], torch.rand(10_000, 1, 3, dtype=torch.double))
print("q:        ", logits.softmax(-1))
print("frequency:", rolls.mean((0, 1)))

# %% nbgrader={"grade": true, "grade_id": "test_gumbel_max", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# every roll is the winner of the race of clocks; over a grid of noises the frequencies are q's
checks.gumbel_max_has_the_frequencies(gumbel_max, seed=1)
### BEGIN HIDDEN TESTS
checks.gumbel_max_has_the_frequencies(gumbel_max, seed=2)
### END HIDDEN TESTS

# %% [markdown]
# A second derivation, without clocks. Call $a_k + g_k$ the *key* of face $k$; $F_k$ is its cdf and $p_k$ its density. Face $k$ wins at height $m$ if its key is $m$ and all other keys are below:
#
# $$P(k) = \int p_k(m) \prod_{j \ne k} F_j(m)\, dm, \qquad F_j(m) = e^{-e^{a_j - m}}, \quad p_k(m) = F_k(m)\, e^{a_k - m}.$$
#
# The next cell integrates that, and stops if the two derivations differ.

# %% tags=["nbval-check-output"]
m, log_weights = exact.quadrature(-8.0, 45.0, num=400)
log_cdfs = -(logits - m[:, None]).exp()  # log F, [N, 3]
log_density = log_cdfs.sum(-1, keepdim=True) + logits - m[:, None]  # log of p_k times the other F
by_integral = (log_density + log_weights[:, None]).exp().sum(0)
assert torch.allclose(by_integral, logits.softmax(-1), atol=1e-10)
print("integral over the winning height = softmax(a):", [f"{p:.4f}" for p in by_integral.tolist()])

# %% [markdown]
# ## 3 · Melting
#
# $\arg\max$ is still a staircase. But it is the limit of something smooth. Replace it by a softmax, with a **temperature** $\tau$:
#
# $$s = \mathrm{softmax}\!\left(\frac{a + g}{\tau}\right), \qquad \frac{\partial s_k}{\partial a_j} = \frac{1}{\tau}\, s_k \big(\mathbb{1}[j = k] - s_j\big).$$
#
# $s$ is a mixture of faces, a point inside the triangle. It is the **Concrete** distribution (Maddison, Mnih and Teh, 2017), also called **Gumbel-softmax** (Jang, Gu and Poole, 2017).
# Cold ($\tau \to 0$), $s$ is the hard roll of section 2. Hot ($\tau \to \infty$), all faces are alike. In between it has a derivative, a continuous distribution, and a density on the simplex:
#
# $$p(s) = (K-1)!\; \tau^{K-1}\; \frac{\prod_k e^{a_k} s_k^{-\tau - 1}}{\big(\sum_k e^{a_k} s_k^{-\tau}\big)^{K}}.$$
#
# ### Exercise 3 · The Concrete distribution (3 points, 15 minutes)
#
# Write the sample and the log density. The density is one of the first $K - 1$ entries of $s$; the last entry is what is left to 1.
#
# <details><summary>Hint 1</summary>
#
# The sample is one line; a softmax of what, divided by what? (`noise` is Gumbel noise already; only in exercise 2 were you given $u$.) For the density take the logarithm of the formula, factor by factor. $\log (K-1)!$ is `torch.tensor(K).double().lgamma()`, or `math.lgamma(K)`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Let `pull = logits - τ * s.log()`, `[S, B, K]`. The product gives `(pull - s.log()).sum(-1)`, the denominator `K * pull.logsumexp(-1)`.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "concrete", "locked": false, "schema_version": 3, "solution": true, "task": false}
def concrete_sample(logits, noise, temperature):
    """Soft rolls.

    logits: `[B, K]`. noise: Gumbel noise, `[S, B, K]`. temperature: τ, a float.
    Returns rows on the simplex, `[S, B, K]`, with a gradient in the logits. One line.
    """
    ### BEGIN SOLUTION
    return ((logits + noise) / temperature).softmax(-1)
    ### END SOLUTION


def concrete_log_density(s, logits, temperature):
    """log p(s) of soft rolls, in nats.

    s: rows inside the simplex, `[S, B, K]`. logits: not normalised, `[B, K]`.
    temperature: τ, a float. Returns `[S, B]`. About 4 lines.
    """
    ### BEGIN SOLUTION
    K, t = s.shape[-1], torch.tensor(temperature, dtype=s.dtype)
    pull = logits - t * s.log()
    constant = torch.tensor(K, dtype=s.dtype).lgamma() + (K - 1) * t.log()
    return constant + (pull - s.log()).sum(-1) - K * pull.logsumexp(-1)
    ### END SOLUTION


# %%
middle = torch.full((1, 1, 3), 1 / 3).double()
for temperature in (0.2, 1.0, 5.0):
    density = concrete_log_density(middle, logits[None], temperature).item()
    print(f"τ = {temperature}: log density {density:6.3f} in the middle of the triangle")

# %% nbgrader={"grade": true, "grade_id": "test_concrete", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# samples, their gradient, both limits; the log density by a change of variables; total mass 1
checks.concrete_sample_is_exact(concrete_sample, seed=1)
checks.concrete_density_is_exact(concrete_log_density, seed=1)
### BEGIN HIDDEN TESTS
checks.concrete_sample_is_exact(concrete_sample, seed=2, temperature=1.5)
checks.concrete_density_is_exact(concrete_log_density, seed=2, temperature=1.5, num_faces=3)
checks.concrete_density_is_exact(concrete_log_density, seed=3, temperature=0.5, num_faces=6)
### END HIDDEN TESTS

# %% [markdown]
# Cold rolls avoid the middle of the triangle, hot ones crowd there.
#
# ### How soft is soft?
#
# With two faces one number is enough: $s_1 = \sigma\big((a + \varepsilon)/\tau\big)$, where $a$ is the difference of the logits and $\varepsilon = g_1 - g_2$ is logistic noise: $P(\varepsilon < t) = \sigma(t)$.
# This is the **binary Concrete**. Rounded at one half it is the bit, whatever $\tau$ is. What depends on $\tau$ is how often it cannot decide.
#
# ### Exercise 4 · The undecided (2 points, 10 minutes)
#
# Give the probability that a soft bit lies strictly between a margin $m$ and $1 - m$, in closed form. What becomes of it for $\tau \to 0$, and for $\tau \to \infty$? The check looks at both limits.
#
# <details><summary>Hint 1</summary>
#
# When is $\sigma((a + \varepsilon)/\tau)$ below $c$? Solve for $\varepsilon$. The logit of $c$ is $\log \frac{c}{1-c}$.
#
# </details>
# <details><summary>Hint 2</summary>
#
# $P(s < c) = \sigma(\tau\, \mathrm{logit}\, c - a)$. The answer is the difference of two such terms; and $\mathrm{logit}(1 - m) = -\mathrm{logit}(m)$.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "undecided", "locked": false, "schema_version": 3, "solution": true, "task": false}
def undecided(logits, temperature, margin):
    """P(margin < s < 1 − margin) for s = σ((a + ε)/τ), ε logistic.

    logits: a, `[B]`. temperature: τ, a float. margin: m, a float between 0 and ½.
    Returns probabilities, `[B]`. About 2 lines.
    """
    ### BEGIN SOLUTION
    edge = temperature * torch.logit(torch.tensor(1 - margin, dtype=logits.dtype))
    return torch.sigmoid(edge - logits) - torch.sigmoid(-edge - logits)
    ### END SOLUTION


# %%
for temperature in (0.1, 0.5, 1.0, 2.0, 10.0):
    share = undecided(torch.tensor([-1.5, 0.0]).double(), temperature, 0.05)
    shares = f"{share[0]:4.0%} of the bits with logit −1.5, {share[1]:4.0%} with logit 0"
    print(f"τ = {temperature:4.1f}: undecided are {shares}")

# %% nbgrader={"grade": true, "grade_id": "test_undecided", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# the share equals the integral of the density at three temperatures; 0 and 1 in the limits
checks.undecided_is_exact(undecided, seed=1)
### BEGIN HIDDEN TESTS
checks.undecided_is_exact(undecided, seed=2, margin=0.02)
checks.undecided_is_exact(undecided, seed=3, margin=0.3)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · What melting costs
#
# The soft roll has a derivative, so $\nabla\, \mathbb{E}[f(s)] = \mathbb{E}[\nabla f(s)]$ is exact, and often has a low variance. But it is the gradient of *another* expectation: $\mathbb{E}[f(s)]$, not $\mathbb{E}[f(z)]$.
# The network $f$ is asked about mixtures, *half sport, half film*, that never occur. As an estimate of what we want, it is **biased**.
#
# For one bit the bias is an integral over $u$. Take $f(b) = (b - 0.45)^2$. The cell gives mean gradients as multiples of the exact gradient: 1 would be no bias.
#
# **Predict, then run.** Two bits, with logits 0 and −1.5. For which one is the soft gradient closer to the truth? By how much is the other one off?

# %% tags=["nbval-check-output"]
u, log_weights = exact.quadrature(0.0, 1.0, num=400)
noise = torch.logit(u)  # logistic
for a in (0.0, -1.5):
    p = torch.sigmoid(torch.tensor(a, dtype=torch.double))
    truth = p * (1 - p) * (0.55**2 - 0.45**2)  # p(1 − p) (f(1) − f(0))
    for temperature in (0.5, 1.0, 2.0):
        s = torch.sigmoid((a + noise) / temperature)
        soft = 2 * (s - 0.45) * s * (1 - s) / temperature  # f′(s) ∂s/∂a
        times = (log_weights.exp() * soft).sum() / truth
        case = f"logit {a:4.1f}, τ = {temperature}"
        print(f"{case}: the soft gradient is {times:+5.2f} times the exact one")

# %% [markdown]
# <details><summary>Why is logit 0 so kind? (open after running)</summary>
#
# Here $f'(s) = 2(s - \frac12) + 0.1$: a part that is odd about ½, and a constant, which is just $f(1) - f(0)$. At logit 0 the soft bit is symmetric about ½, so the odd part cancels; the constant is merely shrunk.
# At logit −1.5 nothing cancels, and the sign is wrong. Whoever tests an estimator should test it at an *asymmetric* logit.
#
# </details>
#
# **Straight-through** repairs one half: show the network only *hard* rolls, and use the soft slope on the way back. Now the network is never asked about mixtures.
# But two slopes are multiplied that belong to different places: the network's at the hard roll $z$, the roll's at the soft one $s$. So this is biased, too.
#
# Unit 04 did this for bits, with the slope of the mean $p$; that is the plain *straight-through* in the tables below. Here the roll and its slope share the same noise, which is called *straight-through Gumbel*:
#
# $$\text{forwards: } z = \text{one-hot}\big(\arg\max(a + g)\big), \qquad \text{backwards: } \frac{\partial z}{\partial a} := \frac{\partial s}{\partial a}.$$
#
# ### Exercise 5 · Hard forwards, soft backwards (2 points, 8 minutes)
#
# <details><summary>Hint 1</summary>
#
# You need two rows from the same noise: a soft one and a hard one. Which one carries the value, and which one the gradient?
#
# </details>
# <details><summary>Hint 2</summary>
#
# `soft - soft.detach()` has the value 0 and the gradient of `soft`.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "straight_through_dice", "locked": false, "schema_version": 3, "solution": true, "task": false}
def straight_through_dice(logits, noise, temperature):
    """Rolls whose value is one-hot and whose gradient is that of the soft roll.

    logits: `[B, K]`. noise: Gumbel noise, `[S, B, K]`. temperature: τ of the soft roll, a float.
    Returns `[S, B, K]`. About 3 lines.
    """
    ### BEGIN SOLUTION
    soft = ((logits + noise) / temperature).softmax(-1)
    hard = one_hot(soft.argmax(-1), logits.shape[-1]).to(soft.dtype)
    return hard + (soft - soft.detach())
    ### END SOLUTION


# %%
leaf = logits[None].clone().requires_grad_()
row = straight_through_dice(leaf, torch.zeros(1, 1, 3).double(), 1.0)
print("value", row.detach().flatten())
print("gradient of its first entry", torch.autograd.grad(row[0, 0, 0], leaf)[0].flatten())

# %% nbgrader={"grade": true, "grade_id": "test_straight_through_dice", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# the value is the hard roll, the gradient that of the soft one, at the temperature given
checks.is_one_hot_with_a_soft_slope(straight_through_dice, seed=1)
### BEGIN HIDDEN TESTS
checks.is_one_hot_with_a_soft_slope(straight_through_dice, seed=2, temperature=2.0)
### END HIDDEN TESTS

# %% [markdown]
# ### Guilty or unlucky?
#
# An average of $N$ noisy gradients is never exactly right. Is it off because the estimator is biased, or by chance? Measure the distance in standard errors, entry by entry:
#
# $$z_d = \frac{\overline{g}_d - \nabla_d}{\mathrm{sd}_d / \sqrt{N}}.$$
#
# Without bias, $z_d$ is nearly standard normal: it goes beyond 5 once in 1.7 million times. With bias it grows like $\sqrt N$.
#
# ### Exercise 6 · Convict the biased, and nobody else (3 points, 15 minutes)
#
# Write the test. In this exercise *your test* is tested: it must find the bias of straight-through, on either side of the truth, in large entries and in small ones. And it must leave leave-one-out alone.
# One trap: the gradient of a weight that is not used is 0 in every draw, and in truth. Then $z_d$ is 0/0. Such an entry is no evidence for or against.
#
# <details><summary>Hint 1</summary>
#
# `gradients.std(0)` divides by N − 1, as it should. The standard error of the mean is that divided by the square root of N.
#
# </details>
# <details><summary>Hint 2</summary>
#
# 0/0 is NaN, and a NaN in `z.abs().max()` hides all others. `nan_to_num()` makes it 0. Biases of opposite sign must not cancel: judge entry by entry, then ask for *any*.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "bias_test", "locked": false, "schema_version": 3, "solution": true, "task": false}
def z_scores(gradients, exact_gradient):
    """How far the mean gradient is from the exact one, in standard errors.

    gradients: independent estimates, `[N, D]`. exact_gradient: `[D]`.
    Returns z = (mean − exact) / standard error, `[D]`; it is 0 for an entry
    that is 0 in every draw and in truth. About 2 lines.
    """
    ### BEGIN SOLUTION
    standard_error = gradients.std(0) / len(gradients) ** 0.5
    return ((gradients.mean(0) - exact_gradient) / standard_error).nan_to_num()
    ### END SOLUTION


def is_biased(gradients, exact_gradient):
    """True if any entry of the mean gradient is more than 5 standard errors off. One line."""
    ### BEGIN SOLUTION
    return bool((z_scores(gradients, exact_gradient).abs() > 5).any())
    ### END SOLUTION


# %%
pretend = torch.randn(1000, 2) + torch.tensor([0.0, 0.5])
print("z:", z_scores(pretend, torch.zeros(2)), " biased:", is_biased(pretend, torch.zeros(2)))

# %% nbgrader={"grade": true, "grade_id": "test_bias_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# z on gradients made to measure; the verdict on made and on real ones, biased and unbiased
checks.bias_is_detected(z_scores, is_biased, seed=1)
### BEGIN HIDDEN TESTS
checks.bias_is_detected(z_scores, is_biased, seed=2)
checks.bias_is_detected(z_scores, is_biased, seed=3)
### END HIDDEN TESTS

# %% [markdown]
# Here is the test at work on our die, with 16,384 gradients of two rolls each.

# %%
zoo = {f"Gumbel-softmax, τ = {t}": GumbelSoftmax(t) for t in (2.0, 1.0, 0.5, 0.1)}
for t in (2.0, 1.0, 0.5, 0.1):
    zoo[f"straight-through Gumbel, τ = {t}"] = GumbelStraightThrough(t)
zoo |= {"leave-one-out": ScoreFunction(baselines.LeaveOneOut())}
finish = race(die, logits, f, zoo, num_draws=2**14, num_samples=2, component=0, seed=seed)
print(f"slope of sport, exact {finish.exact:+.3f}")
for name, mean, z, sd in zip(finish.names, finish.means[:, -1], finish.bias, finish.deviations):
    print(f"{name:32s} mean {mean:+.3f}, {z:+7.1f} standard errors off; sd of one {sd:.2f}")

# %% [markdown]
# Both columns matter. The hotter, the more biased and the less noisy. And at $\tau = 0.1$ hardly anything is found: the bias has not gone, it is smaller than what so many noisy gradients can show.
# *Not detected* is not *unbiased*.

# %% [markdown]
# ## 5 · The temperature is a bargain
#
# For training, what counts is how far a gradient is from the truth, whether by bias or by noise. Let $g$ be the gradient from one roll, and $\bar g_S$ the mean over $S$ rolls:
#
# $$\mathbb{E}\,\big\|\bar g_S - \nabla\big\|^2 = \underbrace{\big\|\mathbb{E}[g] - \nabla\big\|^2}_{\text{bias}^2\text{, falls when } \tau \text{ falls}} + \underbrace{\tfrac1S\, \mathrm{Var}[g]}_{\text{rises when } \tau \text{ falls}}.$$
#
# The picture is our die. On the left are 400 soft rolls; ◆ is the point $(q_1, q_2, q_3)$ of its probabilities. On the right are the two parts and their sum, in units of the exact gradient squared: 1 means *as wrong as no gradient at all*.
# The star is the best $\tau$. The line of the bias ends on the left where the bias is too small to be told from 0.
#
# 1. Cool the rolls from 5 to 0.05. Which line do you pay with? Where does ✖, the mean of the soft rolls, go?
# 2. Take one roll, then 256. Which way does the star move, and why?
# 3. Switch to straight-through. Is it better because its values are hard?

# %%
rolled = roll(logits, f, seed=seed, names=topics)
melting_dice.explore(rolled)

# %% [markdown]
# <details><summary>Answers (open after you have tried)</summary>
#
# 1. Cooling is paid with variance: the slope of a cold softmax is 0 nearly everywhere and of the order of $1/\tau$ in between, the jumps of section 1 again. Cold, the mean of the soft rolls lies at the probabilities; hot, in the middle of the triangle.
# 2. To the left. More rolls divide the variance and leave the bias as it is. So a larger budget wants a lower temperature.
# 3. Not here. Straight-through has about the same bias when cool, more when hot, and at every τ more variance. Its advantage lies elsewhere: the network sees in training what it will see in use.
#
# </details>
#
# ### Exercise 7 · The best temperature at a budget (2 points, 10 minutes)
#
# You are given a table: the gradient of one roll for each of $N$ noises, all equally likely, at each of $T$ temperatures. Those noises are all there are, so the mean over them *is* the expectation.
# Return the mean squared error of the mean of $S$ independent rolls, and the temperature at which it is lowest.
#
# <details><summary>Hint 1</summary>
#
# Bias and variance are those of one roll, column by column. Only one of them is divided by S.
#
# </details>
# <details><summary>Hint 2</summary>
#
# All N values are known, none is estimated: `gradients.var(0, unbiased=False)`.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "best_temperature", "locked": false, "schema_version": 3, "solution": true, "task": false}
def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    """Mean squared error of a gradient averaged over S rolls, and where it is lowest.

    gradients: of one roll, N equally likely noises, T temperatures, `[N, T]`.
    exact_gradient: a float. temperatures: `[T]`. num_samples: S.
    Returns (mean squared errors `[T]`, the best temperature). About 4 lines.
    """
    ### BEGIN SOLUTION
    bias = gradients.mean(0) - exact_gradient
    variance = gradients.var(0, unbiased=False)
    errors = bias**2 + variance / num_samples
    return errors, temperatures[errors.argmin()]
    ### END SOLUTION


# %%
some_temperatures = torch.tensor([0.1, 0.3, 0.5, 1.0, 2.0, 4.0], dtype=torch.double)
even_noise = torch.logit((torch.arange(500).double() + 0.5) / 500)  # equally likely
s = torch.sigmoid((-1.5 + even_noise[:, None]) / some_temperatures)
table = (2 + 3 * s**2) * s * (1 - s) / some_temperatures  # for f(b) = 2 b + b³
truth = 3 * torch.sigmoid(torch.tensor(-1.5)) * torch.sigmoid(torch.tensor(1.5))
for S in (1, 100):
    best_here = best_temperature(table, truth.item(), some_temperatures, S)[1]
    print(f"S = {S}: best τ = {float(best_here):g}")

# %% nbgrader={"grade": true, "grade_id": "test_best_temperature", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# errors equal averages over all tuples of rolls; the best τ is where they are lowest
checks.temperature_is_best(best_temperature, seed=1)
### BEGIN HIDDEN TESTS
checks.temperature_is_best(best_temperature, seed=2)
### END HIDDEN TESTS

# %% [markdown]
# In practice nobody knows the exact gradient, so $\tau$ is a setting like any other: tried out, or **annealed**. Early in training any direction that is roughly right will do: be hot, and take the low variance.
# Later the bias is what keeps you from the optimum: cool down. Jang et al. let $\tau$ fall exponentially to a floor, never to 0. Section 8 tries it.

# %% [markdown]
# ## 6 · Which KL?
#
# A variational autoencoder has an ELBO, and its two halves see $z$ differently:
#
# $$\mathrm{ELBO} = \mathbb{E}_q\big[\log p(x \mid z)\big] - \mathrm{KL}\big(q(z \mid x) \,\|\, p(z)\big).$$
#
# Put soft rolls into the first half. What is to become of the second? Three answers are in use.
#
# | the first half | the KL | a bound? |
# |---|---|---|
# | hard rolls | of the discrete $q$ and $p$ | yes, on $\log p(x)$ |
# | soft rolls | of the *Concrete densities* $q_\tau(s)$ and $p_\tau(s)$ | yes, on $\log p_\tau(x)$ of another, continuous model |
# | soft rolls | of the discrete $q$ and $p$ | **no**, on nothing |
#
# The third is handy, because the discrete KL has a closed form. It is a fine thing to *train* with, if you remember what it is. Here is a model in which all of this can be integrated: one bit, and two words.
# The bit says which of the two words is used, and the text has both. $\tau = 1$.
#
# **Predict, then run.** $\log p(x)$ of the discrete model is the same for all $q$. Which of the three columns will go above it?

# %% tags=["nbval-check-output"]
def both_words(b):
    """log p(x | b): word 1 wants the bit on, word 2 wants it off."""
    return logsigmoid(6 * b - 3) + logsigmoid(3 - 6 * b)


points, one = exact.quadrature(1e-9, 1 - 1e-9, num=400), torch.ones(1, dtype=torch.double)
prior, soft_prior = Bernoulli(logits=0 * one), BinaryConcrete(one, logits=0 * one)
bits = exact.enumerate_support(prior)
log_p = exact.log_evidence(lambda b: prior.log_prob(b) + both_words(b), bits).item()
log_p_soft = exact.log_evidence(lambda s: soft_prior.log_prob(s) + both_words(s), points).item()
print(f"log p(x) = {log_p:.2f} for the discrete model, {log_p_soft:.2f} for the soft one\n")
print("logit of q    hard, discrete KL    soft, soft KL    soft, discrete KL")
for a in (0.0, 1.0, 2.0, 4.0):
    q, soft_q = Bernoulli(logits=a * one), BinaryConcrete(one, logits=a * one)
    hard_bound = exact.elbo(q, lambda b: prior.log_prob(b) + both_words(b)).item()
    soft_bound = exact.elbo(soft_q, lambda s: soft_prior.log_prob(s) + both_words(s), points).item()
    mixed = (exact.expectation(soft_q, both_words, points) - kl_divergence(q, prior)).item()
    print(f"{a:10.1f} {hard_bound:19.2f} {soft_bound:16.2f} {mixed:20.2f}")

# %% [markdown]
# Both soft columns start above $\log p(x)$ of the discrete model. Nothing is wrong with the sums: a soft bit can say *both words, a little*, and no bit of the model can.
# The middle column is an honest bound all the same: on the evidence of the *soft* model, and it stays below that. The last column mixes two models. It lies above $\log p(x)$ for some $q$ and below for others: nothing ties it to that number.
#
# So the rule of this course, and of unit 04's interface: **the estimator may be soft, the KL is the discrete one in closed form, and what is reported is the discrete ELBO, with hard rolls.**
#
# ### Exercise 8 · The ELBO of a code of dice (3 points, 12 minutes)
#
# The code of a picture is $D$ dice with $K$ faces. You are given $\log p(x \mid z)$ at $S$ samples, the samples themselves (hard or soft, as the estimator liked them), and the logits of $q$ and of the prior. Return the objective per picture:
#
# $$\frac1S \sum_s \log p(x \mid z_s) - \sum_{d=1}^D \mathrm{KL}\big(q_d \,\|\, p_d\big).$$
#
# <details><summary>Hint 1</summary>
#
# Is there anything in the KL that depends on the samples? A sum over faces and dice of $q\,(\log q - \log p)$ is all of it.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Logits are not log probabilities: `log_softmax(-1)` first. Or `kl_divergence` of two `OneHotCategorical(logits=…)`, summed over dice.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "dice_elbo", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dice_elbo(log_likelihood, z, logits, prior_logits):
    """Monte Carlo ELBO with the KL of the discrete distributions, in nats.

    log_likelihood: log p(x|z) at the samples, `[S, B]`.
    z: the samples, hard or soft rows, `[S, B, D, K]`.
    logits: of q, not normalised, `[B, D, K]`. prior_logits: of p, not normalised, `[D, K]`.
    Returns `[B]`, with a gradient in everything but z. About 3 lines.
    """
    ### BEGIN SOLUTION
    log_q, log_p = logits.log_softmax(-1), prior_logits.log_softmax(-1)
    kl = (log_q.exp() * (log_q - log_p)).sum((-2, -1))  # [B]
    return log_likelihood.mean(0) - kl
    ### END SOLUTION


# %%
# one picture, two dice: the first is nearly sure, the second not at all
sure = torch.tensor([[[4.0, 0.0, 0.0], [0.0, 0.0, 0.0]]])
faces = torch.eye(3)[torch.tensor([[[0, 2]]])]  # one sample of both
found = dice_elbo(torch.tensor([[-5.0]]), faces, sure, torch.zeros(2, 3))
print("−5, less the KL of the first die:", found)

# %% nbgrader={"grade": true, "grade_id": "test_dice_elbo", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# it equals an objective whose KL is summed over all codes, at hard and soft samples; gradients too
checks.dice_elbo_is_exact(dice_elbo, seed=1)
### BEGIN HIDDEN TESTS
checks.dice_elbo_is_exact(dice_elbo, seed=2, num_dice=1, num_faces=6)
checks.dice_elbo_is_exact(dice_elbo, seed=3, num_dice=4, num_faces=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 7 · Digits in 64 bits
#
# Now in earnest. The pictures are handwritten digits of 8×8 pixels, each pixel drawn once as 0 or 1. The model has 64 bits, a linear encoder and a linear decoder, and a learned prior: the *sigmoid belief network* on which the papers of this field compare estimators.
# One training step is a line: the estimator's surrogate of the first half, less the discrete KL.
#
# `model.surrogate(estimator, x, S) = estimator(q, log-likelihood, S) − KL`
#
# So another estimator is another word. Data, start, learning rate, steps and the number of decoder calls ($S = 4$) are the same for all.

# %%
preset = DISCRETE_PRESETS[scale, "bits"]
images = getattr(datasets, preset.data)()
print(images.record)
fixed = images.binarised()
train_x, test_x = fixed.train.flat.to(device), fixed.test.flat.to(device)
for row in range(0, images.size[0], max(1, images.size[0] // 8)):
    cut = [picture[row] for picture in fixed.train.pixels[:5]]
    print("   ".join("".join(" █"[int(v)] * 2 for v in pixels) for pixels in cut))

# %% [markdown]
# **Predict, then run.** Four estimators: score function without a baseline, leave-one-out, Gumbel-softmax and its straight-through form (both $\tau = \frac12$). Order them by their ELBO after training. And for which of them will the *training objective* differ from the discrete ELBO?

# %% tags=["long"]
contenders = {"score function": ScoreFunction(),
              "leave-one-out": ScoreFunction(baselines.LeaveOneOut()),
              "Gumbel-softmax": GumbelSoftmax(0.5),
              "straight-through Gumbel": GumbelStraightThrough(0.5)}
runs = {name: train_discrete(train_x, estimator, preset, seed=seed, name=name)
        for name, estimator in contenders.items()}

# %% tags=["long"]
def evaluated(run, x):
    return evaluate_discrete(run.model, x, seed=seed, num_samples=100)


reports = {name: (evaluated(run, train_x), evaluated(run, test_x)) for name, run in runs.items()}
control = pixel_baseline(train_x, test_x)
print(f"without latent variables (pixel frequencies): log p(x) = {control:.2f} on test\n")
for name, (on_train, on_test) in reports.items():
    print(f"{name:24s} objective {-runs[name].history['loss'][-1]:.2f}")
    print(f"{'':24s} discrete, train: {on_train}")
    print(f"{'':24s} discrete, test:  {on_test}")

# %% tags=["long"]
rows = [Promise(name, -runs[name].history["loss"][-1], train.elbo, train.log_evidence, test.elbo)
        for name, (train, test) in reports.items()]
show_still(promises.draw(rows), promises.describe(rows))

# %% [markdown]
# The *objective* is what was maximised, averaged over the last epoch. In the lines below it every bit is hard: the ELBO, taken apart into reconstruction − KL, and $\log p(x)$, estimated by importance sampling from the same $q$, with its standard error.
# In the picture the ring is the objective, and the bar is $\log p(x)$ of the same pictures. A lower bound stays to the left of the bar.
#
# Read the objective beside the *discrete ELBO* on the training pictures. For three of the four they agree, up to the noise of an epoch. Gumbel-softmax believes itself nats better than it is: its decoder has learned to read soft bits, and hard ones are news to it.
#
# Its $\log p(x)$ shows another side. On the training pictures it is the best of the four, on test the worst; and nowhere is the gap between ELBO and $\log p(x)$ as wide. The model has learned; its $q$ was tuned for a decoder that sees soft bits.
#
# Straight-through Gumbel never shows a soft bit to the decoder. Its gradient is no less biased (the next table shows it), and it does better.
#
# Look at train and test, too. These models have thousands of weights, and some 1,300 pictures to learn from. A better gradient fits those pictures better, their accidents included. So a lead on train may shrink or vanish on test.

# %% [markdown]
# ### In your own words 1 · The tightest bound (3 points, 10 minutes)
#
# A student has read the numbers called *objective* in this table and nothing else. She writes: "Of the four, Gumbel-softmax gives the tightest bound on $\log p(x)$, by more than two nats."
# What is wrong with this sentence? Which numbers of the table could have told her, and how? What should she have reported instead? Four to six sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_tightest_bound", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# The objective of Gumbel-softmax is no bound on the log-likelihood of the model: the decoder was given soft bits, which can say more than bits can, while the KL charged for hard ones. So it pays for a discrete code and uses a continuous one.
# The table tells, because the objective lies nats above log p(x) of the very same model on the very same pictures, estimated with hard bits and a standard error of a hundredth; a lower bound may touch log p(x), but not pass it. The discrete ELBO on the training split, nats below the objective, says the same.
# She should have reported the discrete ELBO of all four models, with hard bits, the discrete KL and one split, with log p(x) and its error beside it. By that measure the soft training is among the worst here, since its decoder was trained on inputs that it no longer gets.
#
# **Rubric, 3 points.** 1 point: soft samples with a discrete KL are no bound (the two halves belong to different models; with Concrete densities in both places it would bound another evidence). 1 point: from the table: the objective exceeds log p(x) of the same model, or its own discrete ELBO, by far more than any error.
# 1 point: the remedy: the discrete ELBO with hard samples for all models, on the same split. Half a point off for "importance sampling must be wrong" or "more samples are needed".
# ### END SOLUTION

# %% [markdown]
# ### Bias and variance in a trained model
#
# With 64 bits nobody knows the exact gradient. With 8 bits it is a sum over 256 codes. The next cell trains such a model (with leave-one-out), takes 100 pictures, and compares thousands of gradients of the encoder's weights with the exact one.
# *Noise* is what the relative bias would be by chance alone, without any bias.
#
# **Predict, then run.** Near the end of training the exact gradient is small. What does that do to the *relative* bias of a biased estimator?

# %% tags=["long"]
few = DISCRETE_PRESETS[scale, "few bits"]
leave_one_out = contenders["leave-one-out"]
small = train_discrete(train_x, leave_one_out, few, seed=seed, name="8 bits, leave-one-out").model
batch = train_x[:100]
truth = exact_encoder_gradient(small, batch)
zoo = {**contenders, "straight-through": StraightThroughBernoulli()}
cases = [(name, estimator, 4) for name, estimator in zoo.items()]
cases += [("leave-one-out", leave_one_out, 2), ("DisARM", DisARM(), 2)]
for name, estimator, calls in cases:
    report = gradient_report(small, batch, estimator, truth, seed=seed, num_samples=calls)
    off = f"relative bias {report.relative_bias:5.2f} (noise {report.noise:4.2f})"
    print(f"{name:24s} {calls} calls: {off}   variance {report.variance:8.3f}")

# %% [markdown]
# A relative bias of 1 means: the mean gradient is off by as much as the exact one is long. At the optimum the exact gradient is 0, and a biased one is not. **It pushes the model on, to a place that is its own optimum and not the ELBO's.** That is why bias is cheap early in training and dear at the end.
# (DisARM is a relative of leave-one-out for bits: two mirrored samples. REBAR and RELAX, which you meet in section 9, correct the bias of Gumbel-softmax instead of bearing it. All three are in `vilib.estimators`.)

# %% [markdown]
# ## 8 · Dice, and cooling them
#
# Bits are dice with two faces. For $K > 2$ the code is a matrix of one-hot rows. The same interface serves, with `OneHotCategorical` for `Bernoulli`. Eight dice of eight faces, two rolls per picture. What shall $\tau$ be: 1, or cooled from 1 to 0.1?
# `Annealed(estimator, Cooling(…))` is an estimator again; every call is a step:
#
# $$\tau(t) = \max\big(\tau_{\text{end}},\; \tau_0 \, (\tau_{\text{end}} / \tau_0)^{t/T}\big), \qquad T = \tfrac45 \text{ of the training steps.}$$
#
# **Predict, then run.** Which of them has the best objective, and which the best discrete ELBO?

# %% tags=["long"]
dice = DISCRETE_PRESETS[scale, "dice"]
cooling = Cooling(start=1.0, end=0.1, num_steps=round(0.8 * dice.num_steps))
plans = {"Gumbel-softmax, τ = 1": GumbelSoftmax(1.0),
         "Gumbel-softmax, τ from 1 to 0.1": Annealed(GumbelSoftmax(), cooling),
         "straight-through Gumbel, τ = 0.5": GumbelStraightThrough(0.5)}
for name, estimator in plans.items():
    run = train_discrete(train_x, estimator, dice, seed=seed, name=name)
    print(f"{name:32s} objective {-run.history['loss'][-1]:.2f}")
    print(f"{'':6s} discrete, train: {evaluated(run, train_x)}")
    print(f"{'':6s} discrete, test:  {evaluated(run, test_x)}")

# %% [markdown]
# The hot one has the best objective and the worst bound, with many nats between them, on the training pictures already. Cooling closes most of the gap, because in the end the decoder sees rows that are nearly hard.
# The stored runs put more rows beside these, each with three seeds: fixed low temperatures (is it the cooling, or just the cold?), and the unbiased leave-one-out. The KL and $\log p(x)$ are those of the test pictures.

# %% tags=["long"]
stored = recorded("05_gumbel")
print(f"8 dice of 8 faces, {stored['dice'][0]['seeds']} seeds, mean ± sd")
print(f"without latent variables: log p(x) = {stored['no_latent']:.2f} on test\n")


def spread(line, split):
    return f"{line[f'{split}_elbo']:.2f} ± {line[f'{split}_elbo_sd']:.2f}"


heads = f"{'objective':>9}{'ELBO, train':>16}{'ELBO, test':>16}{'KL':>7}{'log p(x)':>11}"
print(f"{'':32}{heads}")
for line in sorted(stored["dice"], key=lambda line: -line["test_elbo"]):
    elbos = f"{spread(line, 'train'):>16}{spread(line, 'test'):>16}"
    rest = f"{line['test_rate']:7.2f}{line['test_log_evidence']:11.2f}"
    print(f"{line['model']:32}{line['objective']:9.2f}{elbos}{rest}")

# %% [markdown]
# So here it is mostly the cold, and not the cooling. The schedule is a little ahead of a fixed $\tau = 0.1$ on the training pictures, and behind it on test.
# And no soft run has a test ELBO above those of straight-through Gumbel and leave-one-out. Soft codes spend more nats of KL than hard ones. In $\log p(x)$, which does not charge for a poor $q$, the cold soft runs are much closer to the others.

# %% [markdown]
# ## 9 · The published table, and ours
#
# Grathwohl et al. (2018) compare estimators by the best *training* ELBO of a sigmoid belief network with one layer of 200 bits, on MNIST. Our stored runs do the same at class scale: 64 bits, digits, three seeds, learning rate 0.01 for all. Never compare numbers on MNIST with numbers on digits.
# What can be compared is the order, and how far apart things are.

# %% tags=["long"]
fixed_pixels = {(line["model"], line["rate"]): line
                for line in stored["bits"] if line["pixels"] == "fixed"}
table = [line for (_, rate), line in fixed_pixels.items() if rate == 0.01]
theirs, names = published("H2"), {"running mean": "NVIL", "REBAR": "REBAR", "RELAX": "RELAX"}
for left, *heads in (("", "published", "paper scale", "this run", "3 stored runs", "on test"),
                     ("training ELBO, nats", "MNIST", "MNIST", "digits", "digits", "digits")):
    print(f"{left:24}{heads[0]:>11}{heads[1]:>13}{heads[2]:>11}{heads[3]:>16}{heads[4]:>9}")
for line in sorted(table, key=lambda line: line["train_elbo"]):
    name = line["model"]
    quote = theirs.quote(names[name]) if name in names else "–"
    mine = f"{reports[name][0].elbo:.2f}" if name in reports else "–"
    ours = f"{spread(line, 'train'):>16}{line['test_elbo']:9.2f}"
    print(f"{name:24}{quote:>11}{'not yet run':>13}{mine:>11}{ours}")
print(f"\nPublished: {theirs.source}")
print("NVIL: a running mean, a network as baseline, a scaled signal; ours: the running mean alone")

# %% [markdown]
# The unbiased estimators with some baseline lie close together, above every biased one, and about a nat above the score function without a baseline. Most of the way is the first baseline; what comes after it is small beside that.
# Of the published order, RELAX before REBAR before NVIL, ours shows nothing: the three lie within a fraction of one seed's standard deviation.
# On test the picture is another one: there straight-through Gumbel, biased as it is, is among the best.
#
# But is one learning rate fair to all? Four of them were also run at two others, and two of them with pixels that are drawn anew at each step, so that nothing can be learned by heart.

# %% tags=["long"]
for line in stored["bits"]:
    if (line["model"], 0.03) in fixed_pixels:
        setting = f"rate {line['rate']:5g}, {line['pixels']} pixels"
        elbos = f"train {spread(line, 'train')}, test {spread(line, 'test')}"
        print(f"{line['model']:24s} {setting}: {elbos}")

# %% [markdown]
# Each estimator has a rate of its own. On the training pictures both score functions are best at the largest step, Gumbel-softmax at the smallest: the larger its steps, the more it has learned to rely on soft bits.
# On fixed pixels, the largest rate gives leave-one-out its best training ELBO, but not its best test ELBO: that is at 0.01. With fresh pixels train and test agree, and its lead over the score function is there on both.

# %% [markdown]
# And these are the claims that this unit makes about estimators, with criteria that were written down before the stored runs. *Holds* or *fails* is computed from the stored means. For the third, each side has the best of its three learning rates.
# It is a claim about training pictures; how much of the lead is left on test is printed beside it.

# %% tags=["long"]
moments = {(line["model"], line["calls"]): line for line in stored["gradients"]}
ratio = moments["score function", 4]["variance"] / moments["leave-one-out", 4]["variance"]
mirrored = moments["DisARM", 2]["variance"] / moments["leave-one-out", 2]["variance"]
best = {name: max(line["train_elbo"] for (of, _), line in fixed_pixels.items() if of == name)
        for name in ("leave-one-out", "score function")}
lead = best["leave-one-out"] - best["score function"]
at_best = {line["model"]: line["test_elbo"] for line in fixed_pixels.values()
           if line["train_elbo"] in best.values()}
lead_on_test = at_best["leave-one-out"] - at_best["score function"]
unbiased, soft, through = (moments[name, 4]["relative_bias"] for name in
                           ("leave-one-out", "Gumbel-softmax", "straight-through"))
claims = [("variance, score function / leave-one-out, at least 20", f"{ratio:.0f}", ratio >= 20),
          ("variance at 2 calls, DisARM / leave-one-out, below 1", f"{mirrored:.2f}", mirrored < 1),
          ("training ELBO, leave-one-out − score function, at least 0.8",
           f"{lead:.2f} (on test {lead_on_test:.2f})", lead >= 0.8),
          ("relative bias of leave-one-out, at most 0.15", f"{unbiased:.2f}", unbiased <= 0.15),
          ("relative bias of Gumbel-softmax and straight-through, at least 0.4",
           f"{soft:.1f}, {through:.1f}", min(soft, through) >= 0.4)]
for claim, value, holds in claims:
    print(f"{'holds' if holds else 'FAILS':5s}   {claim}: {value}")

# %% [markdown]
# ### In your own words 2 · Three projects (3 points, 12 minutes)
#
# Which gradient estimator would you start with, and why? Name for each project one thing from this unit's tables or checks that speaks for your choice, and one risk. Two or three sentences each.
#
# 1. A text generator chooses one of 40 templates. The reward is whether a person clicks.
# 2. A language model decides, in 12 places of its network, which one of 16 experts computes the next layer. Each expert is expensive: only the chosen one is to be run.
# 3. An autoencoder with 30 dice of 10 faces, of which you want the best possible $\log p(x)$. There is plenty of time.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_three_projects", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# (1) The reward is a black box: a click has no derivative, and nobody can click on a mixture of templates. So neither Gumbel-softmax nor straight-through is possible. Score function with a baseline; leave-one-out if several templates can be shown in the same situation, else a running mean.
# It is unbiased, and the variance table shows that without a baseline it is hopeless. Risk: noise.
# (2) Soft rolls would run all 16 experts at once; that is ruled out by the cost. Hard forwards: straight-through Gumbel needs the value of the chosen expert only, if the slope can be had from a gate in front of it, or the score function with a baseline, which needs only the reward.
# Risk of straight-through: a bias that no number of samples removes (relative bias above 1 near the optimum), to be checked on a small twin.
# (3) With time, an unbiased estimator: leave-one-out, several samples; or begin with straight-through or cooled Gumbel-softmax, which move fast early, and finish with the unbiased one. In our table cold or straight-through training is close to or ahead of it on test, so I would run both
# and choose on dev by the *discrete* ELBO, with log p(x) beside it. Risk: to choose by the relaxed objective, which may lie above log p(x).
#
# **Rubric, 3 points.** 1 point per project, half for a choice that is possible and its reason, half for a true risk. (1) must see that f cannot be differentiated or fed mixtures. (2) must see that soft rolls run every expert (hard forwards, or score function).
# (3) must say that models are compared by the discrete bound. Other choices with sound reasons get full points.
# ### END SOLUTION

# %% [markdown]
# ## On your own
#
# - **Fresh pixels.** Train with `train_discrete(images.train.flat, …, transform=datasets.binarise)`. How much of the difference between train and test is left?
# - **Finish unbiased.** Write an estimator that is straight-through for the first half of the calls and leave-one-out afterwards. (`Annealed` shows how an estimator counts.) Does the ELBO gain?
# - **Both densities.** Train with soft bits and the KL of the Concrete densities, sampled: `BinaryConcrete(τ, logits=…).log_prob(s)`. What does the discrete ELBO say of the result?
# - **A bias that hides.** Find a function of two bits for which straight-through is exact at *every* logit, and one for which it is exact only at logit 0.
# - **Fashion.** The same bits on another data set of `vilib.datasets`: does the order of the four estimators stay?
# - **Paper scale.** Set `scale = "paper"` on a machine with a GPU: MNIST, 200 bits, a million steps.
#
# ## Further reading
#
# - Chris J. Maddison, Andriy Mnih and Yee Whye Teh, 2017. *The Concrete Distribution: A Continuous Relaxation of Discrete Random Variables.* ICLR. https://arxiv.org/abs/1611.00712. The density, and which KL goes with it (appendix C).
# - Eric Jang, Shixiang Gu and Ben Poole, 2017. *Categorical Reparameterization with Gumbel-Softmax.* ICLR. https://arxiv.org/abs/1611.01144. The same idea, straight-through and annealing.
# - Chris J. Maddison, Daniel Tarlow and Tom Minka, 2014. *A\* Sampling.* NeurIPS. https://arxiv.org/abs/1411.0030. Gumbel noise as a process.
# - Yoshua Bengio, Nicholas Léonard and Aaron Courville, 2013. *Estimating or Propagating Gradients Through Stochastic Neurons for Conditional Computation.* https://arxiv.org/abs/1308.3432. Straight-through.
# - Andriy Mnih and Karol Gregor, 2014. *Neural Variational Inference and Learning in Belief Networks.* ICML. https://arxiv.org/abs/1402.0030. NVIL, and the models of section 7.
# - George Tucker, Andriy Mnih, Chris J. Maddison, Dieterich Lawson and Jascha Sohl-Dickstein, 2017. *REBAR: Low-variance, unbiased gradient estimates for discrete latent variable models.* NeurIPS. https://arxiv.org/abs/1703.07370
# - Will Grathwohl, Dami Choi, Yuhuai Wu, Geoffrey Roeder and David Duvenaud, 2018. *Backpropagation through the Void: Optimizing control variates for black-box gradient estimation.* ICLR. https://arxiv.org/abs/1711.00123. RELAX, and the table of section 9.
# - Zhe Dong, Andriy Mnih and George Tucker, 2020. *DisARM: An Antithetic Gradient Estimator for Binary Latent Variables.* NeurIPS. https://arxiv.org/abs/2006.10680
# - Iris A. M. Huijben, Wouter Kool, Max B. Paulus and Ruud J. G. van Sloun, 2023. *A Review of the Gumbel-max Trick and its Extensions for Discrete Stochasticity in Machine Learning.* IEEE TPAMI 45. https://arxiv.org/abs/2110.01515
