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
# # 1 · You cannot see p(z|x), but you can see the gap
#
# **What you'll do.** Find out who wrote a review from the words it uses, first exactly, then with the tools that still work
# when exact sums do not. You write nine short functions and two answers in words; each function is checked against the truth.
#
# **What you'll learn**
#
# - to compute a posterior and the evidence, and to see when that stops being possible;
# - to derive the ELBO in two ways, and why ELBO + KL = log p(x) whatever q is;
# - to estimate an ELBO by sampling and to say how far off the estimate may be;
# - why a gradient moved inside an expectation can vanish;
# - what the two directions of the KL do to q, and what each family of q can and cannot express;
# - to move a Gaussian onto positive numbers or onto the simplex without losing track of its density.
#
# **What you'll need.** Probability at the level of Bayes' rule and of the Gaussian density; tensors of PyTorch
# (broadcasting, `sum(-1)`). No variational inference.
#
# **Time.** Reading and playing 50 minutes, nine exercises 95, two answers in words 18, computing less than a minute. After section 4 is a good place for a break.
# There are 24 points.
#
# **How it works.** Each exercise has a cell to fill in, a cell to look at your own answer, and a test. A test that fails says which mistake
# it looks like. Grading runs the same checks with other numbers and sizes. No exercise needs your code from another: if one resists, go on.

# %% tags=["parameters"]
scale = "class"  # or "paper": the sizes and steps of the papers (this unit is the same in both)
seed = 1

# %%
import sys

if "google.colab" in sys.modules:  # Colab starts without vilib; everywhere else this does nothing
    from IPython import get_ipython

    package = "git+https://github.com/vilib-course/vilib"
    get_ipython().run_line_magic("pip", f"install -q --no-deps {package}")

# %%
import torch
from torch.distributions import Categorical, MultivariateNormal, Normal, Poisson, kl_divergence
from torch.nn.functional import logsigmoid, one_hot, softplus

import vilib
from vilib import checks, datasets, exact
from vilib.estimators import Pathwise, ScoreFunction
from vilib.widgets import gap_meter

# %%
torch.manual_seed(seed)
# on a shared machine two threads that wait for each other can be twenty times slower than one
torch.set_num_threads(1)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
vilib.doctor("01_vi_basics", minutes=1)

# %% [markdown]
# ## 1 · A hidden choice
#
# Ann, Bo and Cy write film reviews. Each time they name the thing, they write *film* or *movie*.
# Each has a habit, as you will see below. The reviews are not signed.
#
# The writer is the **latent variable** $z$: it was chosen, and we did not see it. The words are the **observation** $x$.
# The model tells how a review comes about:
#
# $$z \sim \mathrm{Categorical}(\pi), \qquad x_t \mid z \sim \mathrm{Bernoulli}(\theta_z), \quad t = 1, \dots, T.$$
#
# A statistician sees three coins, one of which is taken from a bag and thrown $T$ times. So it is called in the code:
# a writer is a *coin*, a word is a *flip* ($x_t = 1$, heads, is *film*), and a review is a *document*. `vilib` brings twelve reviews with ten such words each.

# %% tags=["nbval-check-output"]
bag = datasets.coins()
# π [K], θ [K] and x [B, T]
prior, heads, flips = (t.to(device) for t in (bag.prior, bag.heads, bag.flips))
print("writes a review:   Ann {:.2f}  Bo {:.2f}  Cy {:.2f}".format(*prior))
print("says film:         Ann {:.2f}  Bo {:.2f}  Cy {:.2f}".format(*heads))
print("the first of", len(flips), "reviews:", *("film" if x else "movie" for x in flips[0]))

# %% [markdown]
# ### Exercise 1 · The log probability of one word (1 point, 5 minutes)
#
# Networks rarely give a probability. They give a **logit** $a = \log \frac{p}{1-p}$, any real number, and $p = \sigma(a)$.
# Write $\log p(x)$ for outcomes $x \in \{0, 1\}$. It must survive $a = \pm 200$:
# there $\sigma(a)$ or $1 - \sigma(a)$ rounds to exactly 1, and the logarithm of the other is −∞.
#
# <details><summary>Hint 1</summary>
#
# $\log \sigma(a)$ is the answer for $x = 1$. What is $1 - \sigma(a)$ as a sigmoid?
#
# </details>
# <details><summary>Hint 2</summary>
#
# $1 - \sigma(a) = \sigma(-a)$. And `logsigmoid` never computes the sigmoid first.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "bernoulli_log_pmf", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bernoulli_log_pmf(logits, x):
    """log p(x) for x ~ Bernoulli(sigmoid(logits)), in nats, elementwise.

    logits: any real numbers `[...]`.
    x: outcomes, 0.0 or 1.0, `[...]`.
    Returns `[...]`, finite for logits of ±200. One or two lines.
    """
    ### BEGIN SOLUTION
    return x * logsigmoid(logits) + (1 - x) * logsigmoid(-logits)
    ### END SOLUTION


# %%
for x in (1.0, 0.0):  # the probabilities of the two outcomes must sum to 1
    p = bernoulli_log_pmf(torch.tensor([-2.0, 0.0, 2.0]), torch.full((3,), x)).exp()
    print(f"logits -2, 0, 2: p(x = {x:.0f}) =", p)

# %% nbgrader={"grade": true, "grade_id": "test_bernoulli_log_pmf", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# log p(x) equals torch's own, and stays finite where the sigmoid rounds to 0 or 1
checks.bernoulli_log_pmf_is_exact(bernoulli_log_pmf, seed=1)
checks.bernoulli_log_pmf_is_stable(bernoulli_log_pmf, seed=1)
### BEGIN HIDDEN TESTS
checks.bernoulli_log_pmf_is_exact(bernoulli_log_pmf, seed=2, num_documents=7, num_words=40)
checks.bernoulli_log_pmf_is_stable(bernoulli_log_pmf, seed=3, extreme=800.0)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · Posterior and evidence
#
# What do the words tell about the writer? Bayes' rule:
#
# $$p(z \mid x) = \frac{p(z)\, p(x \mid z)}{p(x)}, \qquad p(x) = \sum_z p(z)\, p(x \mid z), \qquad p(x \mid z) = \prod_t \theta_z^{x_t} (1 - \theta_z)^{1 - x_t}.$$
#
# The left-hand side is the **posterior**, the numerator the **joint** $p(x, z)$. The denominator is the **evidence**: how probable
# the model finds this review, whoever wrote it. Products of many probabilities are too small for a float, so we keep logarithms:
# $\log p(x) = \operatorname{logsumexp}_z \log p(x, z)$. They are natural logarithms; their unit is the **nat**.
#
# ### Exercise 2 · Exact posterior and evidence (2 points, 10 minutes)
#
# For every review, return $\log p(z \mid x)$ and $\log p(x)$. The order of the words is part of the observation: there is no binomial coefficient.
#
# <details><summary>Hint 1</summary>
#
# Only counts matter. With `h = flips.sum(-1)` heads and `t` tails in a review, $\log p(x \mid z) = h \log \theta_z + t \log(1 - \theta_z)$.
#
# </details>
# <details><summary>Hint 2</summary>
#
# First the log joint, `[B, K]`: `prior.log() + h[:, None] * heads.log() + …`. An axis of length 1 lets reviews and coins meet.
#
# </details>
# <details><summary>Hint 3</summary>
#
# `log_evidence = log_joint.logsumexp(-1)`. The log posterior is a difference, broadcast over the last axis.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "exact_posterior", "locked": false, "schema_version": 3, "solution": true, "task": false}
def exact_posterior(prior, heads, flips):
    """log p(z|x) and log p(x) of a mixture of K coins, in nats.

    prior: p(z), `[K]`. heads: p(heads) of each coin, `[K]`.
    flips: 1.0 for heads, 0.0 for tails, `[B, T]`.
    Returns (log posterior `[B, K]`, log evidence `[B]`), finite for a thousand flips.
    About 4 lines.
    """
    ### BEGIN SOLUTION
    h, t = flips.sum(-1, keepdim=True), (1 - flips).sum(-1, keepdim=True)  # [B, 1]
    log_joint = prior.log() + h * heads.log() + t * (1 - heads).log()  # [B, K]
    log_evidence = log_joint.logsumexp(-1)
    return log_joint - log_evidence[:, None], log_evidence
    ### END SOLUTION


# %%
your_posterior, your_evidence = exact_posterior(prior, heads, flips)
print("first review: p(Ann, Bo, Cy | x) =", your_posterior[0].exp().float())
print("log p(x) =", your_evidence[0].float())

# %% nbgrader={"grade": true, "grade_id": "test_exact_posterior", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# both results equal an enumeration of the coins; and they survive documents of 1,200 words
checks.posterior_is_exact(exact_posterior, seed=1)
checks.posterior_survives_long_documents(exact_posterior, seed=1)
### BEGIN HIDDEN TESTS
checks.posterior_is_exact(exact_posterior, seed=2, num_coins=7, num_documents=1, num_flips=3)
checks.posterior_is_exact(exact_posterior, seed=3, num_coins=2, num_documents=9, num_flips=1)
checks.posterior_survives_long_documents(exact_posterior, seed=4)
### END HIDDEN TESTS

# %% [markdown]
# From here on `log_joint` is a table `[B, K]`, and `vilib.exact` does the sums. This is what the reviews say:

# %% tags=["nbval-check-output"]
log_joint = bag.log_joint(torch.arange(3)).T.to(device)  # [B, K]
values_of_z = exact.enumerate_support(Categorical(prior))
log_p_x = exact.log_evidence(lambda z: log_joint.T[z], values_of_z)  # [B]
p_z_given_x = exact.posterior(lambda z: log_joint.T[z], values_of_z).T.exp()  # [B, K]
one_of_each = {int(h): i for i, h in enumerate(flips.sum(-1))}  # a review for every count of film
for h, i in sorted(one_of_each.items()):
    (ann, bo, cy), lp = p_z_given_x[i], log_p_x[i]
    print(f"{h:2d} × film of 10   Ann {ann:.3f}  Bo {bo:.3f}  Cy {cy:.3f}   log p(x) {lp:.3f}")

# %% [markdown]
# Three terms per review are no work. But let every *word* have its own latent variable with three values, and let them depend on each other.
# Then the evidence is one sum over all combinations:

# %% tags=["nbval-check-output"]
for words in (10, 20, 30, 40):
    seconds = 3**words / 1e9  # at a billion terms a second
    years = f", which is {seconds / 3.156e7:.0f} years" if seconds > 1e9 else ""
    print(f"{words} words: {3**words:26,d} terms, {seconds:16,.1f} seconds{years}")

# %% [markdown]
# With a continuous $z$ the sum is an integral, and usually nobody can write it down. The posterior shares the fate of the evidence:
# its denominator is the same sum. **You cannot see $p(z \mid x)$.** So we pick a distribution $q(z)$ that we *can* handle, and ask how far off it is.

# %% [markdown]
# ## 3 · The ELBO, twice
#
# **From Jensen's inequality.** Multiply and divide by any $q(z)$ that is positive wherever $p(x, z)$ is:
#
# $$\log p(x) = \log \sum_z q(z) \frac{p(x, z)}{q(z)} = \log \mathbb{E}_q\!\left[\frac{p(x, z)}{q(z)}\right] \;\ge\; \mathbb{E}_q\!\left[\log \frac{p(x, z)}{q(z)}\right] =: \mathrm{ELBO}(q).$$
#
# The logarithm is concave, so the log of a mean is at least the mean of the logs. The right-hand side is the **e**vidence **l**ower **bo**und.
# Jensen says that there may be a gap. It does not say how wide. (The condition on $q$ is for now: the second route needs none.)
#
# **From the KL.** Ask instead how far $q$ is from the posterior, and put in Bayes' rule:
#
# $$\mathrm{KL}\big(q(z) \,\|\, p(z \mid x)\big) = \mathbb{E}_q\!\left[\log \frac{q(z)}{p(z \mid x)}\right] = \mathbb{E}_q\!\left[\log \frac{q(z)\, p(x)}{p(x, z)}\right] = \log p(x) - \mathrm{ELBO}(q).$$
#
# So $\mathrm{ELBO} = \log p(x) - \mathrm{KL}$. **The gap that Jensen left open is the KL from $q$ to the posterior**, no more and no less:
#
# $$\boxed{\;\mathrm{ELBO}(q) + \mathrm{KL}\big(q \,\|\, p(z \mid x)\big) = \log p(x)\;}$$
#
# Two derivations, one quantity? The next cell computes each by its own route, for a random $q$ per review, and stops if they differ.

# %% tags=["nbval-check-output"]
q = Categorical(logits=torch.randn(len(flips), 3, dtype=torch.double, device=device))
row = torch.arange(len(flips), device=device)
from_jensen = exact.elbo(q, lambda z: log_joint[row, z])
from_the_kl = log_p_x - kl_divergence(q, Categorical(p_z_given_x))
assert torch.allclose(from_jensen, from_the_kl, atol=1e-10)
assert (from_jensen < log_p_x).all()
print("the two derivations agree for all 12 reviews, and every ELBO is below log p(x)")

# %% [markdown]
# Look at what the identity buys. $\log p(x)$ does not depend on $q$. So **raising the ELBO over $q$ is lowering the KL**, by the same number of nats,
# and the ELBO needs only the joint: we come closer to a posterior that we never compute.
#
# The ELBO splits in two more ways, and you will meet both:
#
# $$\mathrm{ELBO} = \underbrace{\mathbb{E}_q[\log p(x, z)]}_{-\text{energy}} + \underbrace{\mathbb{H}[q]}_{\text{entropy}} = \underbrace{\mathbb{E}_q[\log p(x \mid z)]}_{-\text{distortion}} - \underbrace{\mathrm{KL}(q(z) \,\|\, p(z))}_{\text{rate}}.$$
#
# ### Exercise 3 · The ELBO of a discrete q (2 points, 10 minutes)
#
# $$\mathrm{ELBO}(q) = \sum_k q_k \left( \log p(x, k) - \log q_k \right), \qquad \text{with } 0 \log 0 = 0.$$
#
# A $q$ that puts everything on one value has zeros, and is allowed: its ELBO is $\log p(x, z)$ at that value.
#
# <details><summary>Hint 1</summary>
#
# The weights are `q` itself: the sum over the last axis *is* the expectation. Divide by nothing.
#
# </details>
# <details><summary>Hint 2</summary>
#
# In floats `0 * log(0)` is NaN. `torch.special.entr(q)` is −q log q with the right limit.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "discrete_elbo", "locked": false, "schema_version": 3, "solution": true, "task": false}
def discrete_elbo(q, log_joint):
    """E_q[log p(x, z) − log q(z)] for a discrete z, in nats; higher is better.

    q: probabilities, may contain zeros, rows sum to 1, `[B, K]`.
    log_joint: log p(x, z), `[B, K]`.
    Returns one ELBO per document, `[B]`. One or two lines.
    """
    ### BEGIN SOLUTION
    return (q * log_joint + torch.special.entr(q)).sum(-1)
    ### END SOLUTION


# %%
three = [0, 2, 4]  # reviews with 5, 1 and 6 times film
print("q = the prior:        ", discrete_elbo(prior.expand(12, 3), log_joint)[three].float())
print("q = the posterior:    ", discrete_elbo(p_z_given_x, log_joint)[three].float())
print("the ceiling, log p(x):", log_p_x[three].float())

# %% nbgrader={"grade": true, "grade_id": "test_discrete_elbo", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# the ELBO equals the enumerated one, also for a q with zeros; ELBO + KL is log p(x) for every q
checks.discrete_elbo_is_exact(discrete_elbo, seed=1)
checks.elbo_plus_kl_is_evidence(discrete_elbo, seed=1)
### BEGIN HIDDEN TESTS
checks.discrete_elbo_is_exact(discrete_elbo, seed=2, num_documents=1, num_values=9)
checks.discrete_elbo_is_exact(discrete_elbo, seed=3, num_documents=6, num_values=2)
checks.elbo_plus_kl_is_evidence(discrete_elbo, seed=4, num_values=6)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · The gap meter
#
# Now $z$ is a real number and $q$ a Gaussian. The filled curve is the exact posterior: $z$ has one dimension, so it can be had by quadrature.
# The bar on the right is $\log p(x)$, cut into ELBO and KL. Move $q$ and watch **what moves and what does not**.
#
# 1. Move the *mean* away from the posterior. Which part of the bar grows? Does its top move?
# 2. Bring the KL below 0.1 nats by hand, then press *fit it for me*.
# 3. Choose the target *bimodal* and fit it twice: once with $q$ put on the left before, once on the right. Note the *smaller* gap: no optimiser does better with one Gaussian, and exercise 7 comes back to it.
# 4. Switch to the forward KL and fit again. Where does $q$ settle now, and what happened to the ELBO?
#
# Where no widget can live (on a printed page, say) you see three stills instead.

# %%
gap_meter.explore()

# %% [markdown]
# <details><summary>What was there to be seen? (open after playing)</summary>
#
# 1. The hatched part, KL(q‖p), grows downwards and pushes the ELBO down by as much. The top is $\log p(x)$: it knows nothing of $q$.
# 2. The first target is a Gaussian posterior, so a Gaussian $q$ can close the gap completely.
# 3. Climbing ends on the hill where it began, and the right hill is the lesser one. The gap that is left on the better hill belongs to the *family*.
# 4. Between the hills, wide enough for both, and the ELBO is *lower* than before: forward KL is not what the ELBO measures. The bar always shows KL(q‖p).
#
# </details>

# %% [markdown]
# ### In your own words 1 · A rising bound (2 points, 8 minutes)
#
# A colleague keeps the model fixed and trains $q$ for an hour. The ELBO rises by 3 nats per document, then stays where it is.
# She reports: "The model now explains the data 3 nats better, and since the bound has stopped, $q$ is the posterior."
# What is right in this, what is wrong, and what would you have to know to judge how good $q$ is? Three to five sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_rising_bound", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# === BEGIN MARK SCHEME ===
#
# - **½ point** – log p(x) depends on the model alone; with the model fixed it did not move, so nothing is explained better.
# - **½ point** – the 3 nats are the fall of KL(q ‖ p(z|x)): q came closer to the posterior by exactly that much.
# - **½ point** – a bound that stops rising is a (local) optimum *within the family and optimiser*; the gap left there need not be 0.
# - **½ point** – to judge q one needs log p(x) or an estimate of it (exact sum on small cases, importance sampling, a tighter bound), or a richer family to compare with.
#
# Half a point less where ELBO and log p(x) are used as if they were the same. No points for naming formulas without saying what moved.
#
# === END MARK SCHEME ===
# ### BEGIN SOLUTION
# The model did not change, so $\log p(x)$ did not: nothing is explained better. ELBO + KL is constant, so the 3 nats are a KL that
# shrank: $q$ is 3 nats closer to the posterior than it was. A bound that no longer rises means that this optimiser finds nothing better
# in this family; the posterior may lie outside it, as with one Gaussian and two hills, and then a gap remains. To know how wide, she needs
# $\log p(x)$ from elsewhere: by enumeration on a small case, by importance sampling, or by comparing with a richer family.
# ### END SOLUTION

# %% [markdown]
# ## 5 · When the sum is an integral: Monte Carlo
#
# How often does *film* occur in a review? Some reviews are long, some writers repeat themselves: there is a rate for each review. Let $z$ be the logarithm of that rate:
#
# $$z \sim \mathcal{N}(\tfrac12, 1), \qquad x \mid z \sim \mathrm{Poisson}(e^z).$$
#
# No closed form for $p(x)$. But the ELBO is an expectation under a $q$ of our choice, and an expectation can be estimated by sampling:
#
# $$\widehat{\mathrm{ELBO}} = \frac1S \sum_{s=1}^S \ell_s, \quad \ell_s = \log p(x, z_s) - \log q(z_s), \quad z_s \sim q, \qquad
#   \mathrm{se} = \frac{1}{\sqrt S} \sqrt{\frac{1}{S-1} \sum_s \big(\ell_s - \bar\ell\,\big)^2}.$$
#
# The **standard error** is the standard deviation *of the estimate*. It shrinks like $1/\sqrt S$; the spread of the $\ell_s$ themselves does not shrink.
# An estimate without it is half an answer.
#
# ### Exercise 4 · Monte Carlo ELBO with its standard error (3 points, 15 minutes)
#
# For every review, draw $S$ values of $z$ from $q$ and return both numbers. All reviews share one prior and are handled at once.
#
# <details><summary>Hint 1</summary>
#
# `z = q.sample((num_samples,))` is `[S, B]`. `log_prob` of each distribution broadcasts over the sample axis.
#
# </details>
# <details><summary>Hint 2</summary>
#
# The log joint has two terms: `prior.log_prob(z)` and `Poisson(z.exp()).log_prob(count)`. Then subtract `q.log_prob(z)`.
#
# </details>
# <details><summary>Hint 3</summary>
#
# With the terms in `ell`, `[S, B]`: mean and standard deviation over axis 0, the latter divided by √S.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "monte_carlo_elbo", "locked": false, "schema_version": 3, "solution": true, "task": false}
def monte_carlo_elbo(q, prior, count, num_samples):
    """Estimate E_q[log p(count, z) − log q(z)] and its standard error, in nats.

    q: distribution of z, batch shape `[B]`. prior: of z, one for all reviews, batch shape `[]`.
    count: how often the word occurs, `[B]`; count given z is Poisson(exp z).
    num_samples: S, at least 2.
    Returns (estimate `[B]`, standard error `[B]`). About 4 lines.
    """
    ### BEGIN SOLUTION
    z = q.sample((num_samples,))  # [S, B]
    log_joint = prior.log_prob(z) + Poisson(z.exp()).log_prob(count)
    ell = log_joint - q.log_prob(z)
    return ell.mean(0), ell.std(0) / num_samples**0.5
    ### END SOLUTION


# %%
count = torch.tensor([0.0, 3.0, 8.0], dtype=torch.double, device=device)
your_prior = Normal(torch.tensor(0.5, dtype=torch.double, device=device), 1.0)
your_q = Normal((count + 0.5).log(), 0.5)
estimate, error = monte_carlo_elbo(your_q, your_prior, count, num_samples=1000)
print("ELBO ≈", estimate.float(), "±", error.float())

# %% nbgrader={"grade": true, "grade_id": "test_monte_carlo_elbo", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# over many runs: the estimate is the ELBO on average, and the squared error Var / S on average
checks.monte_carlo_elbo_is_unbiased(monte_carlo_elbo, seed=1)
checks.standard_error_is_right(monte_carlo_elbo, seed=1)
### BEGIN HIDDEN TESTS
checks.monte_carlo_elbo_is_unbiased(monte_carlo_elbo, seed=2, num_documents=1, num_samples=200)
checks.standard_error_is_right(monte_carlo_elbo, seed=3, num_documents=5, num_samples=600)
### END HIDDEN TESTS

# %% [markdown]
# Is it true that the spread of the estimate falls like $1/\sqrt S$? Repeat an estimate 4,000 times and look. (`Pathwise` is one of the estimators of `vilib`;
# its value is the Monte Carlo mean.) If the last column stands still, up to two or three times the noise beside it, it is true.

# %%
rate_prior = Normal(torch.tensor(0.5, dtype=torch.double, device=device), 1.0)
x = torch.tensor(3.0, dtype=torch.double, device=device)  # film occurs three times


def log_ratio(z, q):
    """log p(x, z) − log q(z): the ELBO is its mean under q."""
    return rate_prior.log_prob(z) + Poisson(z.exp()).log_prob(x) - q.log_prob(z)


# %%
guess = Normal(torch.ones(4000, dtype=torch.double, device=device), 0.5)  # copies of one q
for S in (10, 100, 1000):
    estimates = Pathwise()(guess, lambda z: log_ratio(z, guess), num_samples=S)
    spread, one = estimates.std(), estimates[0]
    level, noise = spread * S**0.5, spread * S**0.5 / (2 * len(estimates)) ** 0.5
    print(f"S = {S:4d}: one {one:.3f}, spread {spread:.4f}, times √S {level:.3f} ± {noise:.3f}")

# %% [markdown]
# ## 6 · A trap: the gradient inside the expectation
#
# To fit $q_\lambda$ we climb the ELBO: we need $\nabla_\lambda \mathbb{E}_{q_\lambda}[\ell_\lambda(z)]$ with $\ell_\lambda(z) = \log p(x, z) - \log q_\lambda(z)$.
# We have samples. Why not move $\nabla$ inside and average the gradients of the terms, $\frac1S \sum_s \nabla_\lambda\, \ell_\lambda(z_s)$, with the samples held fixed?
#
# **Predict, then run.** Write your guess down before you run the next cell. With a million samples this average is close to
#
# - (a) the right gradient, with a little noise;
# - (b) half of it;
# - (c) zero;
# - (d) the right gradient with the wrong sign.

# %%
line = exact.quadrature(-8.0, 8.0, device=device)
mean = torch.tensor([0.0], dtype=torch.double, device=device, requires_grad=True)
q = Normal(mean, 0.5)
z = q.sample((1_000_000,))  # a constant: autograd sees no path from z to the mean
(inside,) = torch.autograd.grad(log_ratio(z, q).mean(), mean)
(true,) = exact.gradient(q, lambda z: log_ratio(z, q), [mean], line)
noise = ((z - mean.detach()) / 0.25).std() / 1000  # the score is (z − mean) / 0.5²; √S is 1000
print(f"gradient inside: {inside.item():+.3f} (standard error {noise:.3f})")
print(f"exact gradient:  {true.item():+.3f}")

# %% [markdown]
# <details><summary>Which one is it, and why? (open after running)</summary>
#
# **(c).** $\log p(x, z_s)$ contains no $\lambda$ once $z_s$ is a constant: its gradient is 0. What is left is $-\nabla_\lambda \log q_\lambda(z_s)$, and this **score** has mean zero:
#
# $$\mathbb{E}_q[\nabla_\lambda \log q_\lambda(z)] = \int q_\lambda(z) \frac{\nabla_\lambda q_\lambda(z)}{q_\lambda(z)}\, dz = \nabla_\lambda \int q_\lambda(z)\, dz = \nabla_\lambda 1 = 0.$$
#
# The mistake is that $\lambda$ sits in *two* places: in $\ell_\lambda$ and in the distribution that the expectation is taken under. Moving $\nabla$ inside forgets the second:
#
# $$\nabla_\lambda \int q_\lambda\, \ell_\lambda\, dz = \underbrace{\int (\nabla_\lambda q_\lambda)\, \ell_\lambda\, dz}_{\text{forgotten}} + \underbrace{\mathbb{E}_q[\nabla_\lambda \ell_\lambda]}_{=\,0}.$$
#
# Nothing crashes and the loss is finite. It just does not learn.
#
# </details>
#
# Two repairs. The **pathwise** gradient writes $z = \mu + \sigma\varepsilon$, so that $\lambda$ leaves the distribution and enters $z$ (unit 03).
# The **score function** gradient estimates the forgotten term by $\mathbb{E}_q[\ell\, \nabla \log q]$, which also works for discrete $z$ (unit 04).

# %%
for name, estimator in {"pathwise": Pathwise(), "score function": ScoreFunction()}.items():
    copies = mean.detach().repeat(400).requires_grad_()  # 400 copies of one q, a gradient for each
    each = Normal(copies, 0.5)
    surrogate = estimator(each, lambda z, each=each: log_ratio(z, each), num_samples=250)
    (g,) = torch.autograd.grad(surrogate.sum(), copies)
    print(f"{name:15s} {g.mean():+.3f} ± {g.std() / 20:.3f}   exact {true.item():+.3f}")

# %% [markdown]
# ## 7 · The KL between Gaussians
#
# Some expectations need no sampling. For $q = \mathcal{N}(m, \mathrm{diag}\, v)$ and $p = \mathcal{N}(n, \mathrm{diag}\, w)$ in $D$ dimensions
#
# $$\mathrm{KL}(q \| p) = \frac12 \sum_{d=1}^D \left( \frac{v_d}{w_d} + \frac{(m_d - n_d)^2}{w_d} - 1 + \log \frac{w_d}{v_d} \right).$$
#
# Dimensions are independent, so their KLs **add**. A mean over dimensions is another quantity, and it breaks ELBO + KL = log p(x).
#
# ### Exercise 5 · Diagonal Gaussians (2 points, 8 minutes)
#
# Networks put out $\log v$, because it may be any real number. So do not take it for $v$, nor for $\log \sigma = \frac12 \log v$.
#
# <details><summary>Hint 1</summary>
#
# $v/w = \exp(\log v - \log w)$ and $\log (w/v) = \log w - \log v$: one difference serves twice (mind its sign).
#
# </details>
# <details><summary>Hint 2</summary>
#
# Sum over the last axis and leave the first alone.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "gaussian_kl", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gaussian_kl(mean_q, log_variance_q, mean_p, log_variance_p):
    """KL(q‖p) of diagonal Gaussians, in nats.

    All four arguments: `[B, D]`; variances are given by their logarithm.
    Returns `[B]`, summed over dimensions. About 3 lines.
    """
    ### BEGIN SOLUTION
    log_ratio = log_variance_q - log_variance_p
    square = (mean_q - mean_p) ** 2 / log_variance_p.exp()
    return 0.5 * (log_ratio.exp() + square - 1 - log_ratio).sum(-1)
    ### END SOLUTION


# %%
zeros = torch.zeros(1, 4)
print("a shift by 1 in 4 dimensions, 4 × ½ nats:", gaussian_kl(zeros + 1, zeros, zeros, zeros))

# %% nbgrader={"grade": true, "grade_id": "test_gaussian_kl", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# the KL equals quadrature, is 0 for q = p, and adds up over dimensions
checks.gaussian_kl_is_exact(gaussian_kl, seed=1)
checks.gaussian_kl_is_additive(gaussian_kl, seed=1)
### BEGIN HIDDEN TESTS
checks.gaussian_kl_is_exact(gaussian_kl, seed=2, num_documents=5, num_dimensions=1)
checks.gaussian_kl_is_exact(gaussian_kl, seed=3, num_documents=1, num_dimensions=20)
checks.gaussian_kl_is_additive(gaussian_kl, seed=4, num_documents=1)
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 6 · Full covariance (2 points, 10 minutes)
#
# With covariance matrices $V$ (of $q$) and $W$ (of $p$) the same formula reads
#
# $$\mathrm{KL}(q \| p) = \frac12 \left( \operatorname{tr}(W^{-1} V) + (m - n)^\top W^{-1} (m - n) - D + \log \det W - \log \det V \right).$$
#
# <details><summary>Hint 1</summary>
#
# `torch.linalg.solve(W, V)` is $W^{-1} V$ for a whole batch; the trace is `.diagonal(dim1=-2, dim2=-1).sum(-1)`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `torch.linalg.solve(W, d)` takes a batch of vectors when `d` is `[B, D, 1]`. `V.logdet()` works on batches.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "gaussian_kl_full", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gaussian_kl_full(mean_q, covariance_q, mean_p, covariance_p):
    """KL(q‖p) of Gaussians with full covariance, in nats.

    means: `[B, D]`. covariances: `[B, D, D]`, positive definite.
    Returns `[B]`. About 5 lines.
    """
    ### BEGIN SOLUTION
    V, W, D = covariance_q, covariance_p, mean_q.shape[-1]
    d = (mean_q - mean_p)[..., None]  # [B, D, 1]
    trace = torch.linalg.solve(W, V).diagonal(dim1=-2, dim2=-1).sum(-1)
    square = (d * torch.linalg.solve(W, d)).sum((-2, -1))
    return 0.5 * (trace + square - D + W.logdet() - V.logdet())
    ### END SOLUTION


# %%
origin, round_one = torch.zeros(1, 2), torch.eye(2)[None]
correlated = torch.tensor([[[1.0, 0.9], [0.9, 1.0]]])
print("correlation .9, in nats:", gaussian_kl_full(origin, correlated, origin, round_one))

# %% nbgrader={"grade": true, "grade_id": "test_gaussian_kl_full", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# the KL equals one computed through Cholesky factors, and is 0 for q = p
checks.gaussian_kl_full_is_exact(gaussian_kl_full, seed=1)
### BEGIN HIDDEN TESTS
checks.gaussian_kl_full_is_exact(gaussian_kl_full, seed=2, num_documents=6, num_dimensions=2)
checks.gaussian_kl_full_is_exact(gaussian_kl_full, seed=3, num_documents=1, num_dimensions=8)
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · Two directions
#
# The KL is not a distance: it depends on who does the averaging.
#
# | | reverse, $\mathrm{KL}(q \,\Vert\, p) = \mathbb{E}_q[\log q - \log p]$ | forward, $\mathrm{KL}(p \,\Vert\, q) = \mathbb{E}_p[\log p - \log q]$ |
# |---|---|---|
# | averages over | $q$: we can sample it | $p$: we cannot |
# | is infinite where | $q$ has mass and $p$ has none | $p$ has mass and $q$ has none |
# | so a $q$ with one hill | settles on one mode, if they lie far apart | stretches over all of them |
# | best Gaussian | a local search; several optima | mean and variance of $p$ |
# | where you meet it | the ELBO | maximum likelihood; wake–sleep; expectation propagation |
#
# Why the moments? $\mathrm{KL}(p \| q) = \text{const} - \mathbb{E}_p[\log q]$, and maximising $\mathbb{E}_p[\log \mathcal{N}(z; \mu, \sigma^2)]$ is fitting a Gaussian
# to infinitely many samples of $p$ by maximum likelihood. Its answer is the sample mean and variance.
#
# An ambiguous sentence has a posterior with two hills: *I saw her duck*. Reverse KL commits to a reading. Forward KL puts its mean between the
# two readings, where there may be no reading at all.
#
# ### Exercise 7 · The best Gaussian in each direction (3 points, 15 minutes)
#
# $p$ is given by its logarithm, up to a constant, on an equally spaced grid, which need not be centred at 0. Find the mean and standard deviation of the best Gaussian:
# the best of all, not the best nearby. A climb from one starting point may end on the lesser hill, and the highest peak may stand on it.
# The check compares KLs, not parameters: within 0.02 nats of the best will do, by whatever method.
#
# <details><summary>Hint 1</summary>
#
# Forward: `p = log_p.softmax(-1)` is normalised on the grid. Two weighted sums and you are done.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Reverse: try all pairs of a mean in `z` and a standard deviation in `torch.linspace(0.2, 3, 57)`. Broadcasting makes it one table,
# `[means, sds, N]`: log q by the Gaussian density up to a constant, then `log_softmax(-1)`.
#
# </details>
# <details><summary>Hint 3</summary>
#
# `kl = (log_q.exp() * (log_q - log_p)).sum(-1)`; then `divmod(int(kl.argmin()), 57)` gives the row and the column.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "kl_fit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kl_fit(z, log_p, direction):
    """Mean and standard deviation of the Gaussian q that is closest to p.

    z: equally spaced grid, `[N]`. log_p: log density of p on it, up to a constant, `[N]`.
    direction: "reverse" for the smallest KL(q‖p), "forward" for the smallest KL(p‖q).
    Returns (mean, standard deviation), two numbers. About 8 lines.
    """
    ### BEGIN SOLUTION
    log_p = log_p.log_softmax(-1)
    if direction == "forward":
        mean = (log_p.exp() * z).sum()
        return mean, (log_p.exp() * (z - mean) ** 2).sum().sqrt()
    sds = torch.linspace(0.2, 3, 57, dtype=z.dtype)
    # [means, sds, N]
    log_q = (-0.5 * ((z - z[:, None, None]) / sds[:, None]) ** 2).log_softmax(-1)
    kl = (log_q.exp() * (log_q - log_p)).sum(-1)
    best_mean, best_sd = divmod(int(kl.argmin()), len(sds))
    return z[best_mean], sds[best_sd]
    ### END SOLUTION


# %%
grid = torch.linspace(-7, 7, 141, dtype=torch.double)
duck = datasets.targets()["bimodal"].log_joint(grid)  # the two hills of the gap meter
for direction in ("reverse", "forward"):
    m, sd = (float(number) for number in kl_fit(grid, duck, direction))
    log_q = Normal(m, sd).log_prob(grid).log_softmax(-1)
    gap = (log_q.exp() * (log_q - duck.log_softmax(-1))).sum()
    print(f"{direction} KL: mean {m:5.2f}, sd {sd:.2f}; its KL(q‖p) is {gap:.2f} nats")

# %% [markdown]
# Is the first KL(q‖p) the smaller gap that you noted at the gap meter? Then your fit is on the right hill.

# %% nbgrader={"grade": true, "grade_id": "test_kl_fit", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# each KL is within 0.02 nats of the best, for targets with one hill, two, and a long tail
checks.kl_fit_is_optimal(kl_fit, seed=1, target="gaussian")
checks.kl_fit_is_optimal(kl_fit, seed=1)
checks.kl_fit_is_optimal(kl_fit, seed=1, target="skewed")
### BEGIN HIDDEN TESTS
checks.kl_fit_is_optimal(kl_fit, seed=2)
checks.kl_fit_is_optimal(kl_fit, seed=3, target="skewed")
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · Families: what q can and cannot say
#
# $q$ is chosen from a family. The best member has a gap, and **no optimiser closes a gap that the family leaves open**.
#
# | family | parameters | what it cannot say |
# |---|---|---|
# | a point (MAP: the likeliest $z$) | one value per review | that it is not sure |
# | shared: one $q$ for all | one distribution | that reviews differ |
# | amortised: $q(z \mid x) = g_\lambda(x)$ | one network | what $g_\lambda$ cannot read or compute |
# | local: one free $q$ per review | a distribution per review | nothing here; but it must be fitted anew for each review |
#
# Let us measure them on the reviews. For three coins the optima can be had without an optimiser. One $q$ for all has the mean ELBO
# $\mathbb{E}_q\big[\,\overline{\log p(x, z)} - \log q(z)\big]$, the bar being the mean over reviews; it is largest at $q \propto \exp \overline{\log p(x, z)}$.
# As encoders we take a linear one that reads the count of *film*, and one that reads the first word only.

# %%
B = len(flips)
count_features = torch.stack([torch.ones_like(flips[:, 0]), flips.sum(-1)], -1)  # [B, 2]
weights = torch.linalg.lstsq(count_features, log_joint).solution
by_first_word = torch.stack([log_joint[flips[:, 0] == w].mean(0) for w in (0.0, 1.0)])
families = {
    "a point (MAP)": one_hot(p_z_given_x.argmax(-1), 3).double(),
    "shared by all reviews": log_joint.mean(0).softmax(-1).expand(B, 3),
    "amortised, reads the first word": by_first_word[flips[:, 0].long()].softmax(-1),
    "amortised, reads the count of film": (count_features @ weights).softmax(-1),
    "local, one per review": p_z_given_x,
}
for name, q_probs in families.items():
    gap = kl_divergence(Categorical(q_probs), Categorical(p_z_given_x))
    print(f"{name:38s} mean gap {gap.mean():.3f} nats, worst {gap.max():.3f}")

# %% [markdown]
# The linear encoder closes the gap because this log posterior *is* linear in the count of *film* (see hint 1 of exercise 2). Most encoders have no such luck:
# what they lose against local fits is the **amortisation gap** of unit 03. And the point fares well here only because these posteriors are sure of themselves.
# For a continuous $z$ a point is no density at all, and its gap is infinite.
#
# **Mean field** is the family for many latent variables: $q(z) = \prod_i q_i(z_i)$, every factor on its own. Hold all factors but one and maximise the ELBO over that one:
#
# $$\log q_i^*(z_i) = \mathbb{E}_{q_{-i}}[\log p(x, z)] + \text{const}.$$
#
# Let the posterior be $\mathcal{N}(\mu, \Sigma)$ with precision $\Lambda = \Sigma^{-1}$. Then, up to a constant, $\log p(z \mid x) = -\frac12 (z - \mu)^\top \Lambda (z - \mu)$.
# Collect the terms that contain $z_i$: one is $-\frac12 \Lambda_{ii} (z_i - \mu_i)^2$, and the others are $-(z_i - \mu_i) \Lambda_{ij} (z_j - \mu_j)$, linear in $z_i$.
# A log density that is $-\frac12 \Lambda_{ii} z_i^2$ plus something linear is a Gaussian's, with **variance $1/\Lambda_{ii}$**. The linear terms vanish on average once every mean is right, so the mean settles at $\mu_i$.
#
# **Predict, then run.** Two variables, each with variance 1, correlation 0.9. Is the best factorised $q$ wider than 1, just 1, or narrower? By how much?

# %% tags=["nbval-check-output"]
ridge = MultivariateNormal(torch.zeros(2), torch.tensor([[1.0, 0.9], [0.9, 1.0]]))
for variance in (2.0, 1.0, 0.5, 0.25, 0.2, 0.15, 0.1):
    q = MultivariateNormal(torch.zeros(2), variance * torch.eye(2))
    print(f"variance {variance:.2f} in both factors: KL(q‖p) {kl_divergence(q, ridge):.3f} nats")

# %% [markdown]
# <details><summary>Why so narrow? (open after running)</summary>
#
# Reverse KL punishes mass where $p$ has none. The posterior is a thin ridge along the diagonal; a round $q$ must fit *across* the ridge. $1/\Lambda_{ii}$ is the
# variance of $z_i$ **when the others are known**, here $1 - 0.9^2 = 0.19$. Mean field has the means right and is far too sure of them:
# do not read its variances as uncertainty.
#
# </details>
#
# ### Exercise 8 · The mean-field optimum (2 points, 8 minutes)
#
# Given mean and covariance of a Gaussian posterior, return the means and variances of the best factorised $q$.
#
# <details><summary>Hint 1</summary>
#
# You are given $\Sigma$, and the formula needs $\Lambda$. The diagonal of an inverse is not the inverse of the diagonal.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `covariance.inverse()` works on a batch; `.diagonal(dim1=-2, dim2=-1)` takes the diagonals, `[B, D]`.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "mean_field_optimum", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_field_optimum(mean, covariance):
    """The factorised Gaussian with the smallest KL(q‖p) to p = N(mean, covariance).

    mean: `[B, D]`. covariance: `[B, D, D]`, positive definite.
    Returns (mean `[B, D]`, variance `[B, D]`) of q's factors. About 2 lines.
    """
    ### BEGIN SOLUTION
    precision = covariance.inverse().diagonal(dim1=-2, dim2=-1)
    return mean, 1 / precision
    ### END SOLUTION


# %%
print(*mean_field_optimum(ridge.mean[None], ridge.covariance_matrix[None]))

# %% nbgrader={"grade": true, "grade_id": "test_mean_field_optimum", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# means and variances equal those of zᵢ given the others, computed by another route
checks.mean_field_is_optimal(mean_field_optimum, seed=1)
### BEGIN HIDDEN TESTS
checks.mean_field_is_optimal(mean_field_optimum, seed=2, num_documents=5, num_dimensions=2)
checks.mean_field_is_optimal(mean_field_optimum, seed=3, num_documents=1, num_dimensions=9)
### END HIDDEN TESTS

# %% [markdown]
# ## 10 · A Gaussian for everything: the transforms of ADVI
#
# A rate is positive. Topic proportions sum to 1. A Gaussian does neither. **Automatic differentiation variational inference** (ADVI) puts the Gaussian on an
# unconstrained $u$ and maps it: $z = h(u)$. The density of $z$ pays for stretching:
#
# $$\log q_Z(z) = \log q_U(u) - \log \left| \det \frac{\partial z}{\partial u} \right|.$$
#
# With it the ELBO can be written in $u$, where sampling is easy:
#
# $$\mathrm{ELBO} = \mathbb{E}_{q(u)}\big[\log p(x, h(u)) + \log |\det \partial h/\partial u|\big] + \mathbb{H}[q_U].$$
#
# Forget the term and $q_Z$ is no density. Here is its total mass, for a Gaussian pushed through softplus, with the term and without:

# %% tags=["nbval-check-output"]
base = Normal(torch.tensor(0.5, dtype=torch.double), 1.0)
half_line = exact.quadrature(1e-9, 12.0, num=400)
z = half_line.values
u = z + torch.log(-torch.expm1(-z))  # the inverse of softplus; dz/du = sigmoid(u)
log_qs = {"with": base.log_prob(u) - torch.sigmoid(u).log(), "without": base.log_prob(u)}
for name, log_q in log_qs.items():
    print(f"mass {name} the log determinant: {(log_q + half_line.log_weights).exp().sum():.4f}")

# %% [markdown]
# ### Exercise 9 · Softplus and stick-breaking, with log determinants (3 points, 15 minutes)
#
# **Softplus** maps each coordinate to a positive number: $z_d = \log(1 + e^{u_d})$. Its Jacobian is diagonal.
#
# **Stick-breaking** maps $K - 1$ numbers to $K$ proportions. Take a stick of length 1 and break off the share $v_k = \sigma(u_k)$ of what is left, again and again:
#
# $$z_k = v_k \prod_{j<k} (1 - v_j) \quad (k < K), \qquad z_K = \prod_{j<K} (1 - v_j).$$
#
# $z_k$ does not depend on later $u$: the Jacobian of $(z_1, \dots, z_{K-1})$ is triangular, and its log determinant is the sum of $\log \partial z_k / \partial u_k$ over its diagonal.
# Both functions must survive $u = \pm 1000$ and beyond.
#
# <details><summary>Hint 1</summary>
#
# The derivative of softplus is the sigmoid; `logsigmoid(u)` is its logarithm.
#
# </details>
# <details><summary>Hint 2</summary>
#
# $\partial z_k / \partial u_k = v_k (1 - v_k) \prod_{j<k} (1 - v_j)$. In logs: $\log v_k$ plus a running sum of $\log(1 - v_j)$ over $j \le k$.
#
# </details>
# <details><summary>Hint 3</summary>
#
# `log_left = logsigmoid(-u).cumsum(-1)` is the log of what is left after each break. What is left *before* the break is the same, shifted by one, with a 0 in front.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "advi_transforms", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softplus_transform(u):
    """z = log(1 + exp u), and log |det ∂z/∂u|.

    u: `[B, D]`. Returns (z `[B, D]`, log determinant `[B]`). One or two lines.
    """
    ### BEGIN SOLUTION
    return softplus(u), logsigmoid(u).sum(-1)
    ### END SOLUTION


def stick_breaking(u):
    """Break a stick of length 1 with shares sigmoid(u), and log |det ∂(z_1 … z_{K-1})/∂u|.

    u: `[B, K-1]`. Returns (z `[B, K]`, rows sum to 1; log determinant `[B]`). About 5 lines.
    """
    ### BEGIN SOLUTION
    log_left = logsigmoid(-u).cumsum(-1)  # after each break
    before = torch.cat([torch.zeros_like(u[..., :1]), log_left], -1)  # [B, K]
    log_share = torch.cat([logsigmoid(u), torch.zeros_like(u[..., :1])], -1)
    log_det = (logsigmoid(u) + log_left).sum(-1)
    return (log_share + before).exp(), log_det
    ### END SOLUTION


# %%
print("softplus:", *softplus_transform(torch.tensor([[-1.0, 0.0, 1.0]])))
print("stick:   ", *stick_breaking(torch.zeros(1, 3)))

# %% nbgrader={"grade": true, "grade_id": "test_advi_transforms", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# values and log determinants equal autograd's Jacobian, and stay finite at extreme u
checks.softplus_transform_is_exact(softplus_transform, seed=1)
checks.stick_breaking_is_exact(stick_breaking, seed=1)
### BEGIN HIDDEN TESTS
checks.softplus_transform_is_exact(softplus_transform, seed=2, num_documents=5, num_dimensions=1)
checks.stick_breaking_is_exact(stick_breaking, seed=3, num_documents=1, num_values=9)
checks.stick_breaking_is_exact(stick_breaking, seed=4, num_documents=6, num_values=2)
### END HIDDEN TESTS

# %% [markdown]
# ### In your own words 2 · One reading or both? (2 points, 10 minutes)
#
# A system parses *I saw her duck*. Its exact posterior is two narrow hills, 0.6 of the mass at $z = -2$ (the bird) and 0.4 at $z = 2$ (the movement); in between lies nothing.
# You may use one Gaussian $q$, and a second team reads off $q$'s mean and standard deviation. What will they be told if $q$ was fitted (a) by the ELBO, (b) by forward KL?
# In which way is each report misleading, and which family of $q$ would you ask for instead? Four to six sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_two_readings", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# === BEGIN MARK SCHEME ===
#
# - **½ point** – (a) the ELBO minimises reverse KL: q sits on one hill (the bird, or the movement after an unlucky start), with that hill's small spread.
# - **½ point** – (b) forward KL gives mean and standard deviation of the posterior: a mean between the readings, a large spread.
# - **½ point** – both reports mislead: (a) hides the other 0.4 and sounds sure; (b) names a value that is no reading at all, although its spread does show doubt.
# - **½ point** – a family that can hold two hills: a mixture, a discrete variable for the reading, samples; the gap of (a), about −log 0.6 ≈ ½ nat, is the family's, not the optimiser's.
#
# Directions swapped but otherwise consistent: at most 1 point.
#
# === END MARK SCHEME ===
# ### BEGIN SOLUTION
# (a) The ELBO minimises reverse KL, so $q$ settles on one hill, at best the bird, and reports its small spread. The second team hears one reading, almost certain;
# the other one, which has probability 0.4, is gone. (b) Forward KL matches moments: the mean lies between the readings, where there is none, and the standard deviation
# is large. That shows doubt, but no one can tell that it is doubt between two clear readings. The missing thing is the family: I would ask for
# a mixture of two Gaussians, or a discrete variable for the reading with a Gaussian for each. With one Gaussian the ELBO keeps a gap of about
# $-\log 0.6$, half a nat, however long it is trained.
# ### END SOLUTION

# %% [markdown]
# ## On your own
#
# - Make the writers alike: `heads = [.45, .5, .55]`. Draw reviews of $T$ words with `Bernoulli(heads[z]).sample((T,))`. How many words does a review need until the posterior is above 0.95 for its writer? What does the point family cost now?
# - In section 5, estimate $\log p(x)$ itself by $\log \frac1S \sum_s p(x, z_s)/q(z_s)$ and compare it with quadrature. Is this estimate too high or too low on average? (Unit 11 answers.)
# - Write ADVI for a word's rate with softplus in place of exp: Gaussian $q$ on $u$, pathwise gradients, the log determinant in the ELBO. Check the gap by quadrature.
# - Choose *skewed* in the gap meter and fit it in both directions. Which of the two Gaussians has the larger variance? Is it always that one?
#
# ## Further reading
#
# - M. I. Jordan, Z. Ghahramani, T. S. Jaakkola, L. K. Saul (1999). An Introduction to Variational Methods for Graphical Models. *Machine Learning* 37, 183–233. <https://doi.org/10.1023/A:1007665907178>
# - C. M. Bishop (2006). *Pattern Recognition and Machine Learning*, chapter 10. Springer. <https://www.microsoft.com/en-us/research/publication/pattern-recognition-machine-learning/>. Mean field for a correlated Gaussian: section 10.1.2.
# - T. Minka (2005). Divergence Measures and Message Passing. Microsoft Research Technical Report MSR-TR-2005-173. <https://www.microsoft.com/en-us/research/publication/divergence-measures-and-message-passing/>. The two directions, and what lies between them.
# - D. M. Blei, A. Kucukelbir, J. D. McAuliffe (2017). Variational Inference: A Review for Statisticians. *Journal of the American Statistical Association* 112 (518), 859–877. <https://arxiv.org/abs/1601.00670>
# - A. Kucukelbir, D. Tran, R. Ranganath, A. Gelman, D. M. Blei (2017). Automatic Differentiation Variational Inference. *Journal of Machine Learning Research* 18 (14), 1–45. <https://jmlr.org/papers/v18/16-107.html>
# - W. Aziz, P. Schulz (2018). Variational Inference and Deep Generative Models. Tutorial at *ACL 2018*. <https://aclanthology.org/P18-5003/>; material at <https://vitutorial.github.io/>
# - Y. Kim, S. Wiseman, A. M. Rush (2018). A Tutorial on Deep Latent Variable Models of Natural Language. Tutorial at *EMNLP 2018*. <https://arxiv.org/abs/1812.06834>
# - S. Mohamed, M. Rosca, M. Figurnov, A. Mnih (2020). Monte Carlo Gradient Estimation in Machine Learning. *Journal of Machine Learning Research* 21 (132), 1–62. <https://jmlr.org/papers/v21/19-346.html>
