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
# # 2 · EM and the ELBO: coordinate ascent that clicks into place
#
# **What you'll do.** Sort documents that nobody has labelled. You write the oldest recipe for that, expectation maximisation, and then see it as what it is:
# two half-steps up one bound. You write eight short exercises and two answers in words; each function is checked against the truth.
#
# **What you'll learn**
#
# - to compute responsibilities, and to re-estimate a mixture from them, with smoothing;
# - why EM never goes down, what exactly it is that does not go down, and where it gets stuck;
# - that the gradient of $\log p(x)$ is a posterior expectation, so gradient ascent does an E-step without saying so;
# - what an encoder loses, document by document, when it replaces the E-step;
# - that the numbers of the components mean nothing, and what follows for comparing and averaging;
# - to do the same with $K$ language models, and with a line of topics in place of a list.
#
# **What you'll need.** Unit 01: posterior, evidence, ELBO + KL = log p(x). PyTorch: `softmax`, `logsumexp`, matrix products.
#
# **Time.** Reading 45 minutes, eight exercises 100, two answers in words 20, computing about a minute. After section 6 is a good place for a break.
# Sections 1 to 8 are the core; 9 to 11 carry the same idea to an encoder, to language models and to an integral.
# There are 27 points. No exercise needs your code from another: if one resists, go on.

# %% tags=["parameters"]
scale = "class"  # or "paper": more restarts, more steps, wider networks
seed = 1

# %%
import sys

if "google.colab" in sys.modules:  # Colab starts without vilib; everywhere else this does nothing
    from IPython import get_ipython

    package = "git+https://github.com/vilib-course/vilib"
    get_ipython().run_line_magic("pip", f"install -q --no-deps {package}")

# %%
from itertools import permutations

import torch
from torch.nn.functional import one_hot

import vilib
from vilib import checks, datasets, models
from vilib.training import optimisers, train
from vilib.widgets import em_staircase

# %%
torch.manual_seed(seed)
# on a shared machine two threads that wait for each other can be twenty times slower than one
torch.set_num_threads(1)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
vilib.doctor("02_em_elbo", data=["bbc_news", "sst"], minutes=1)

# %% [markdown]
# ## 1 · A hen and an egg
#
# A newsroom has a drawer full of keyword lists. Each belongs to a piece on football, cooking or money, but the labels have fallen off.
# If you had the labels, you would simply count which words go with which subject. If you had those counts, you could label every list.
# You have neither.
#
# Many words are no help: a *cup* is won or filled, a *stock* is cooked or sold, a *bonus* is scored or paid.

# %% tags=["nbval-check-output"]
data = datasets.topics()
counts = data.train.counts.double().to(device)  # [B, V]
held_out = data.test.counts.double().to(device)
print(data.record)


def as_text(row):
    """The words of a row of counts."""
    return " ".join(word for word, n in zip(data.words, row.long().tolist()) for _ in range(n))


for row in counts[:5]:
    print(" ·", as_text(row))

# %% [markdown]
# These lists are generated, by exactly the model below, so that everything can be checked: `data.truth` has its parameters, and `data.entropy` the exact entropy of a document, which no model beats on average.
#
# ## 2 · The model, and the E-step
#
# A document chooses a subject $z$ once. The subject then chooses each of its words:
#
# $$z \sim \mathrm{Categorical}(\pi), \qquad x_t \mid z \sim \mathrm{Categorical}(\theta_z), \qquad
#   \log p(x, z = k) = \log \pi_k + \sum_v n_v \log \theta_{kv},$$
#
# with $n_v$ the count of word $v$. This is naive Bayes; when the labels are missing it is a **mixture of categoricals**.
# The posterior $p(z = k \mid x)$ says how far component $k$ *answers for* a document, and is called its **responsibility** $r_k$. Computing it is the **E-step**.
#
# Axes: $B$ documents, $K$ components, $V$ words.
#
# ### Exercise 1 · Responsibilities (2 points, 8 minutes)
#
# Documents may be long: the probability of 3,000 words is far below the smallest float.
#
# <details><summary>Hint 1</summary>
#
# Stay with logarithms until the end. The sum over words is a matrix product of `counts` with something.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `log_joint = log_prior + counts @ log_words.T` is `[B, K]`. Normalising over components and exponentiating safely is one function of torch.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "responsibilities", "locked": false, "schema_version": 3, "solution": true, "task": false}
def responsibilities(log_prior, log_words, counts):
    """p(z|x) of a mixture of categoricals.

    log_prior: log p(z), `[K]`. log_words: log p(w|z), `[K, V]`, both in nats.
    counts: how often each word occurs in each document, `[B, V]`.
    Returns `[B, K]`, rows sum to 1, right for documents of thousands of words. About 2 lines.
    """
    ### BEGIN SOLUTION
    log_joint = log_prior + counts @ log_words.T  # [B, K]
    return log_joint.softmax(-1)
    ### END SOLUTION


# %%
truth = models.Mixture(*(part.to(device) for part in data.truth))
print(responsibilities(truth.log_prior, truth.log_words, counts[:5]).round(decimals=3))

# %% nbgrader={"grade": true, "grade_id": "test_responsibilities", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# the responsibilities equal an enumeration of the components, also for a document of 3,000 words
checks.responsibilities_are_exact(responsibilities, seed=1)
### BEGIN HIDDEN TESTS
checks.responsibilities_are_exact(responsibilities, seed=2, num_components=6, num_documents=1)
checks.responsibilities_are_exact(
    responsibilities, seed=3, num_components=2, num_documents=7, num_words=9
)
### END HIDDEN TESTS

# %% [markdown]
# How sure can one be, knowing everything? These are the three most doubtful lists under the *true* parameters. No amount of training removes this doubt.

# %% tags=["nbval-check-output"]
r = truth.responsibilities(counts)
for b in r.max(-1).values.argsort()[:3].tolist():
    doubt = " ".join(f"{name} {p:.2f}" for name, p in zip(data.classes, r[b]))
    print(doubt, "·", as_text(counts[b]))

# %% [markdown]
# ## 3 · The M-step
#
# Now the other half. Suppose somebody gives you responsibilities $r_{bk}$. Treat them as labels that are spread over several subjects, and count:
#
# $$\pi_k = \frac1B \sum_b r_{bk}, \qquad
#   \theta_{kv} = \frac{\sum_b r_{bk}\, n_{bv} + a}{\sum_{v'} \big(\sum_b r_{bk}\, n_{bv'} + a\big)}.$$
#
# Why are these the right parameters? They maximise $\sum_b \sum_k r_{bk} \log p(x_b, k)$: for fixed $r$ that is the log likelihood of data with labels, and shares of counts maximise it.
#
# The $a$ is **smoothing**: every word of every component gets $a$ pseudo-counts. Without it a word that a component has never met has probability 0 for ever.
# It is a prior, too: the M-step now maximises $\sum_b \sum_k r_{bk} \log p(x_b, k) + a \sum_{kv} \log \theta_{kv}$. Up to a constant, the second term is the log density of a Dirichlet with $\alpha = 1 + a$ on each word list.
# Only the word lists are smoothed here, the shares $\pi$ are not.
#
# ### Exercise 2 · The M-step with Dirichlet smoothing (3 points, 12 minutes)
#
# <details><summary>Hint 1</summary>
#
# Expected counts of the words, `[K, V]`, are one matrix product of responsibilities and counts. Which of them has to be transposed?
#
# </details>
# <details><summary>Hint 2</summary>
#
# Add the smoothing *before* you normalise; then it is in the denominator $V$ times, all by itself. `keepdim=True` keeps the axis you divide by.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "m_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def m_step(responsibilities, counts, smoothing):
    """The parameters that maximise E_r[log p(x, z)] + smoothing · ∑ log θ.

    responsibilities: r, rows sum to 1, `[B, K]`. counts: `[B, V]`.
    smoothing: pseudo-count of every word in every component, a float.
    Returns (log prior `[K]`, log words `[K, V]`) in nats. About 3 lines.
    """
    ### BEGIN SOLUTION
    log_prior = responsibilities.mean(0).log()
    expected = responsibilities.T @ counts + smoothing  # [K, V]
    return log_prior, (expected / expected.sum(-1, keepdim=True)).log()
    ### END SOLUTION


# %%
two_lists = torch.tensor([[3.0, 1.0], [0.0, 2.0]])
your_prior, your_words = m_step(torch.tensor([[0.9, 0.1], [0.2, 0.8]]), two_lists, 0.5)
print("shares   ", " ".join(f"{p:.2f}" for p in your_prior.exp()), "(0.55 0.45 by hand)")
for your_list, by_hand in zip(your_words.exp(), ("0.64 0.36", "0.27 0.73")):
    print("word list", " ".join(f"{p:.2f}" for p in your_list), f"({by_hand} by hand)")

# %% nbgrader={"grade": true, "grade_id": "test_m_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# shares and word lists equal counting by hand, and the gradient is 0 there
checks.m_step_is_the_maximiser(m_step, seed=1)
### BEGIN HIDDEN TESTS
checks.m_step_is_the_maximiser(m_step, seed=2, smoothing=2.0, num_components=5)
checks.m_step_is_the_maximiser(
    m_step, seed=3, smoothing=0.1, num_components=2, num_documents=3, num_words=7
)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · Two half-steps, one hill
#
# E-step: guess the labels from the parameters. M-step: fit the parameters to the guesses. It sounds like a dog chasing its tail. Why should it get anywhere?
#
# Write the ELBO of unit 01 as a function of *both*: any $q$ per document, any parameters $\theta$. From here on $\theta$ without indices means all of them: $\pi$ and the word lists. Summed over documents,
#
# $$\mathrm{ELBO}(q, \theta) = \underbrace{\log p(x \mid \theta) - \mathrm{KL}\big(q \,\|\, p(z \mid x, \theta)\big)}_{\text{look at } q \text{: the E-step makes the KL zero}}
#   = \underbrace{\mathbb{E}_q[\log p(x, z \mid \theta)] + \mathbb{H}[q]}_{\text{look at } \theta \text{: the M-step maximises the first term}}.$$
#
# In the first form only the KL depends on $q$, and its minimum is 0, at the posterior. In the second only the first term depends on $\theta$.
# So **both half-steps climb the same function**, each in its own coordinates. This is *coordinate ascent*, and it is all of EM (Neal and Hinton, 1998).
#
# Two ways to one number; the next cell stops if they differ, for a random $q$ and random parameters.

# %% tags=["nbval-check-output"]
start = models.random_mixture(counts, 3, torch.Generator().manual_seed(seed))
noise = torch.randn(len(counts), 3, generator=torch.Generator().manual_seed(seed)).double()
q = noise.softmax(-1).to(device)
log_joint = start.log_joint(counts)
from_the_gap = log_joint.logsumexp(-1) - (q * (q.log() - log_joint.log_softmax(-1))).sum(-1)
from_the_energy = (q * log_joint).sum(-1) + torch.special.entr(q).sum(-1)
assert torch.allclose(from_the_gap, from_the_energy, atol=1e-9)
print("log p(x) − KL and energy + entropy agree for", len(counts), "documents")

# %% [markdown]
# Now keep $q$ as an E-step has left it, at $\theta_{\text{old}}$, and let $\theta$ move. The ELBO becomes a curve over $\theta$ that lies below $\log p(x \mid \theta)$ and *touches* it at $\theta_{\text{old}}$:
#
# $$F(\theta) = \sum_k q_k \big(\log p(x, k \mid \theta) - \log q_k\big), \qquad q_k = p(k \mid x, \theta_{\text{old}}), \qquad
#   F(\theta_{\text{old}}) = \log p(x \mid \theta_{\text{old}}).$$
#
# So whatever raises $F$ above its value at $\theta_{\text{old}}$ raises $\log p(x)$ at least as much.
#
# ### Exercise 3 · The curve that touches (3 points, 12 minutes)
#
# You get the table of log joints at the new parameters and at the old ones.
# A component that cannot have written a document has log joint $-\infty$ in both; it adds 0, since $0 \log 0 = 0$. Documents may be long: log joints of −3,000 are nothing unusual.
#
# <details><summary>Hint 1</summary>
#
# Which table is q made of? And under which table is the energy taken?
#
# </details>
# <details><summary>Hint 2</summary>
#
# `torch.special.entr(q)` is −q log q with the right limit. For the energy, `torch.where(q > 0, q * log_joint, 0.0)` leaves out what q never chooses.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "touching_bound", "locked": false, "schema_version": 3, "solution": true, "task": false}
def touching_bound(log_joint, log_joint_old):
    """ELBO(q, θ) with q = p(z|x, θ_old), per document, in nats.

    log_joint: log p(x, z) at the parameters θ, `[B, K]`.
    log_joint_old: the same at θ_old, `[B, K]`; −inf stands in both or in neither.
    Returns `[B]`, differentiable in log_joint. About 3 lines.
    """
    ### BEGIN SOLUTION
    q = log_joint_old.softmax(-1)
    energy = torch.where(q > 0, q * log_joint, 0.0)
    return (energy + torch.special.entr(q)).sum(-1)
    ### END SOLUTION


# %%
here, there = torch.tensor([[0.10, 0.30]]).log(), torch.tensor([[0.30, 0.20]]).log()
for name, table in (("the old parameters:", here), ("new parameters:", there)):
    your_bound, evidence = touching_bound(table, here).item(), table.logsumexp(-1).item()
    print(f"at {name:20s} bound {your_bound:.4f}, log p(x) {evidence:.4f}")

# %% nbgrader={"grade": true, "grade_id": "test_touching_bound", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# the bound equals the exact ELBO; at the old parameters it is log p(x), with the same slope
checks.bound_touches_the_evidence(touching_bound, seed=1)
### BEGIN HIDDEN TESTS
checks.bound_touches_the_evidence(touching_bound, seed=2, num_documents=1, num_components=7)
checks.bound_touches_the_evidence(touching_bound, seed=3, num_documents=8, num_components=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · The staircase
#
# To see the whole curve $\log p(x \mid \theta)$, take a model with a single parameter. Two reviewers say *film* or *movie*: one says *film* with probability $\theta$, the other with probability $1 - \theta$,
# and reviews are not signed. The thick line is the exact $\log p(x \mid \theta)$ of twelve reviews with five such words each, the dashed one the bound $F$. An E-step lifts the bound until it clicks into place: it touches the curve.
# An M-step walks to the bound's top. At first every $q$ is one half and one half, so the bound touches where both reviewers are alike, at 0.5.
# On the right the same steps as a staircase: ELBO solid, the KL hatched on top, log p(x) the dots.
#
# **Predict, then run.** Before you move anything, write down: (a) can an E-step change $\log p(x)$? (b) From which starting points does EM end on the right-hand hill? (c) What happens from $\theta = 0.5$?
#
# 1. Press *next half-step* until the read-out says "the ELBO stays, log p(x) stays". How many half-steps did it take? Which was the largest?
# 2. Start at 0.45, at 0.55, and at exactly 0.50.
# 3. Choose *half-way E-steps* and start at 0.75, near the top. Does the ELBO still never fall? Does $\log p(x)$?
# 4. Choose *two reviewers, one busier*: the hills are no longer equal. From where do you reach the lower one?
# 5. Choose *Old Faithful*: 272 waits at a geyser, short ones and long ones, and θ is the mean of one kind. Start at 84, beside the mean of the *other* kind (80, and fixed). How far does each of the first M-steps go?

# %%
em_staircase.explore()

# %% [markdown]
# <details><summary>What was there to be seen? (open after playing)</summary>
#
# 1. Ten, from 0.60. The first steps are large and the last ones tiny: near the top every step of EM leaves about the same share of the distance. The more the components overlap, the larger that share, and the slower EM.
# 2. Left of 0.5 it climbs the left hill, right of 0.5 the right one. At 0.5 both reviewers are alike, every responsibility is one half, and the M-step gives 0.5 back: EM stands still, at a *minimum* of log p(x) between two hills.
# 3. The ELBO never falls. But the first M-step costs 0.36 nats of log p(x): the bound does not touch, so an M-step may raise the ELBO by shrinking the KL while log p(x) goes the other way. (From 0.60 you would not have seen it.)
# 4. From every start to the left of the dip. Nothing in EM tells you that there is a higher hill.
# 5. The first goes 3 minutes, the next 6, the third 12. Where both kinds claim the same waits, a step of EM is short. Small steps are no proof that EM is done.
#
# The two hills of the first model are the same model with the reviewers' names exchanged: this is **label switching**, and section 7 is about it.
#
# </details>
#
# ### In your own words 1 · The bound rises, the evidence falls (3 points, 10 minutes)
#
# To save time, a colleague moves $q$ only half-way to the posterior in each E-step. Her log file shows the ELBO rising in every step. It also shows $\log p(x \mid \theta)$, which she computes exactly as a test, and in a few steps that *falls*.
# "One of the two must have a bug," she says, "since EM never goes down." Explain with ELBO, KL and log p(x) whether this can happen in correct code, what is guaranteed in her algorithm and what is not,
# and what would restore the guarantee that she had in mind. Four to six sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_partial_e_step", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# It can happen in correct code. Every half-step, partial or not, raises ELBO(q, θ) = log p(x|θ) − KL(q‖p(z|x, θ)): the partial E-step by shrinking the KL at fixed θ, the M-step by moving θ at fixed q.
# But with a partial E-step a gap KL > 0 is left before the M-step. The M-step maximises the ELBO, and it can do so by making the posterior p(z|x, θ) come closer to the stale q: the KL may fall by more than the ELBO rises,
# and then log p(x) = ELBO + KL falls. After a full E-step the KL is 0 and can only grow, so a higher ELBO forces a higher log p(x). What is guaranteed in her algorithm is that the ELBO never falls;
# a full E-step before each M-step (or checking after a few full ones) restores monotone log p(x). Both versions have the same fixed points.
#
# **Rubric, 3 points.** 1 point: both half-steps climb the ELBO, and this holds for partial steps. 1 point: log p(x) = ELBO + KL; with a gap left over, the M-step may shrink the KL by more than it raises the ELBO, so log p(x) falls: no bug.
# 1 point: after a *full* E-step the KL is 0 before the M-step, hence monotone log p(x); named as the remedy. Half a point off for "the bound is not tight, so anything can happen" without saying what remains guaranteed.
# ### END SOLUTION

# %% [markdown]
# ## 6 · The whole loop, and what it climbs
#
# With smoothing the M-step maximises $F(\theta) + \log p(\theta)$, where $\log p(\theta) = a \sum_{kv} \log \theta_{kv}$ up to a constant. So what never falls is
#
# $$J(\theta) = \sum_b \log p(x_b \mid \theta) + a \sum_{kv} \log \theta_{kv}.$$
#
# The first sum alone may fall, since the prior may want something else than the data. Watch $J$ whenever you write EM: **a fall is a bug**, and no other method of this course has an alarm as good.
#
# ### Exercise 4 · One step, and the alarm (3 points, 15 minutes)
#
# Two functions: a whole step of EM, and $J$. Write the E- and M-step out once more (or copy yours from above into this cell).
#
# <details><summary>Hint 1</summary>
#
# Both begin with the table of log joints, `[B, K]`. `em_step` needs its softmax, `em_objective` its logsumexp.
#
# </details>
# <details><summary>Hint 2</summary>
#
# $J$ is one number for all documents: a sum over documents, plus smoothing times the sum of all entries of `log_words`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "em_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def em_step(log_prior, log_words, counts, smoothing):
    """One E-step and one M-step.

    log_prior: `[K]`. log_words: `[K, V]`. counts: `[B, V]`. smoothing: pseudo-count of every word.
    Returns the new (log prior `[K]`, log words `[K, V]`), in nats. About 4 lines.
    """
    ### BEGIN SOLUTION
    q = (log_prior + counts @ log_words.T).softmax(-1)
    expected = q.T @ counts + smoothing
    return q.mean(0).log(), (expected / expected.sum(-1, keepdim=True)).log()
    ### END SOLUTION


def em_objective(log_prior, log_words, counts, smoothing):
    """J: log p(x|θ), summed over documents, + smoothing · ∑ log θ, in nats, `[]`. About 2 lines."""
    ### BEGIN SOLUTION
    log_evidence = (log_prior + counts @ log_words.T).logsumexp(-1)
    return log_evidence.sum() + smoothing * log_words.sum()
    ### END SOLUTION


# %%
parameters = (start.log_prior, start.log_words)
for step in range(5):
    print(f"step {step}: J = {em_objective(*parameters, counts, 0.5):.1f}")
    parameters = em_step(*parameters, counts, 0.5)

# %% nbgrader={"grade": true, "grade_id": "test_em_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# J and one step equal enumeration and counting; from three starts J never falls
checks.objective_is_exact(em_objective, seed=1)
checks.em_step_is_exact(em_step, seed=1)
checks.em_never_falls(em_step, em_objective, seed=1)
### BEGIN HIDDEN TESTS
checks.objective_is_exact(em_objective, seed=2, smoothing=2.0)
checks.em_step_is_exact(em_step, seed=3, smoothing=1.5)
checks.em_never_falls(em_step, em_objective, seed=4)
### END HIDDEN TESTS

# %% [markdown]
# From here on the library's EM does the work. A start is the corpus's own word frequencies, shaken at random. Five starts, then; and honest reporting: $\log p(x)$ of *held-out* documents, in nats a word,
# beside the control without a latent variable ($K = 1$) and beside the true model, which no model beats on average.
#
# **Predict, then run.** Will the five runs end at the same $J$? At the same parameters?


# %%
def held_out_nats(mixture, documents):
    """log p(x) of some documents, in nats a word."""
    return mixture.log_evidence(documents).sum() / documents.sum()


def random_start(documents, K, s):
    """Word frequencies of a corpus, shaken K times."""
    return models.random_mixture(documents, K, torch.Generator().manual_seed(s))


single = models.one_topic(counts, 0.5)
runs = [models.em(random_start(counts, 3, s), counts, 60, 0.5) for s in range(5)]
print("held-out log p(x), nats a word")
print(f"control, K = 1  {held_out_nats(single, held_out):.4f}")
for s, run in enumerate(runs):
    shares = " ".join(f"{p:.3f}" for p in run.mixture.log_prior.exp())
    nats = held_out_nats(run.mixture, held_out)
    print(f"start {s}         {nats:.4f}   J {run.trace[-1]:.3f}, shares {shares}")
ceiling = -data.entropy * len(held_out) / held_out.sum()
nats = held_out_nats(truth, held_out)
print(f"the true model  {nats:.4f}   minus its exact entropy {ceiling:.4f}")

# %% [markdown]
# And one start that looks harmless: all components *exactly alike* (the corpus's frequencies, not shaken).

# %% tags=["nbval-check-output"]
alike = models.random_mixture(counts, 3, torch.Generator().manual_seed(seed), spread=0.0)
stuck = models.em(alike, counts, 60, 0.5)
nats = held_out_nats(stuck.mixture, held_out)
print(f"all alike at the start: held-out {nats:.4f} nats a word after 60 steps")

# %% [markdown]
# That is the control's number (but for a trace of smoothing, which each component gets for itself). Alike components get equal responsibilities, and equal responsibilities give alike components: the 0.5 of the staircase, in all parameters at once.
#
# ## 7 · Who is component 0?
#
# The five runs agree to three decimals, and yet their shares stand in different orders. Exchange two components, their shares and their word lists, and *no probability of any document changes*:

# %% tags=["nbval-check-output"]
fitted = runs[0].mixture
orders = list(permutations(range(3)))
for order in orders:
    other = fitted.relabelled(torch.tensor(order, device=device))
    assert torch.allclose(other.log_evidence(counts), fitted.log_evidence(counts), atol=1e-9)
print("all", len(orders), "orders of the components give every document the same log p(x)")

# %% [markdown]
# With $K$ components every hill of $\log p(x)$ exists $K!$ times. The number 0 means nothing; "component 0 is football" is for somebody to find out. Where labels are known, for evaluation,
# one looks for the **one-to-one** order that agrees with as many documents as possible:
#
# $$\text{order} = \operatorname*{argmax}_{\text{permutations } \sigma} \; \sum_b r_{b, \sigma(y_b)}, \qquad y_b \text{ the label of document } b.$$
#
# ### Exercise 5 · Match components and labels (3 points, 15 minutes)
#
# Position $c$ of your answer holds the component for label $c$, so that `responsibilities[:, order]` has its columns in the order of the labels. $K$ is at most 5: you may try all permutations.
#
# <details><summary>Hint 1</summary>
#
# First the table `agreement[c, k]`: the sum of responsibilities of component k over documents with label c. It is one matrix product with `one_hot(labels, K)`, which holds integers: `.to(responsibilities.dtype)` before the product.
#
# </details>
# <details><summary>Hint 2</summary>
#
# For one permutation σ: `agreement[range(K), σ].sum()`. Python's `max(permutations(range(K)), key=…)` does the rest. Give back a tensor.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "match_labels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def match_labels(responsibilities, labels):
    """The one-to-one order of components with the largest expected agreement with the labels.

    responsibilities: `[B, K]`, K at most 5. labels: integers from 0 to K − 1, `[B]`.
    Returns a tensor of integers `[K]`: position c holds the component for label c. About 4 lines.
    """
    ### BEGIN SOLUTION
    K = responsibilities.shape[1]
    agreement = one_hot(labels, K).to(responsibilities.dtype).T @ responsibilities  # [C, K]
    best = max(permutations(range(K)), key=lambda order: agreement[range(K), order].sum().item())
    return torch.tensor(best)
    ### END SOLUTION


# %%
three_documents = torch.tensor([[0.1, 0.8, 0.1], [0.1, 0.2, 0.7], [0.9, 0.1, 0.0]])
print(match_labels(three_documents, torch.tensor([0, 1, 2])), "(1, 2, 0 is right)")

# %% nbgrader={"grade": true, "grade_id": "test_match_labels", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# the order is the best of all permutations, and follows when the components are renumbered
checks.labels_are_matched(match_labels, seed=55)
### BEGIN HIDDEN TESTS
checks.labels_are_matched(match_labels, seed=2)
checks.labels_are_matched(match_labels, seed=3, num_components=3, num_documents=9)
checks.labels_are_matched(match_labels, seed=4, num_components=5, num_documents=20)
### END HIDDEN TESTS

# %% [markdown]
# Now the components can be named, and the labels that fell off be compared with. *Words* are those that a component says more often than the corpus does.

# %% tags=["nbval-check-output"]
labels = data.train.label.to(device)
named = fitted.relabelled(models.matched_order(fitted.responsibilities(counts), labels))
pull = named.log_words.exp() * (named.log_words - single.log_words)
for k, name in enumerate(data.classes):
    words = " ".join(data.words[v] for v in pull[k].topk(6).indices)
    share, true_share = named.log_prior[k].exp(), truth.log_prior[k].exp()
    print(f"{name:8s} share {share:.2f} (true {true_share:.2f}): {words}")
for name, model in (("EM", fitted), ("the true model", truth)):
    right = models.matched_accuracy(model.responsibilities(counts), labels)
    print(f"documents in the right place, {name}: {right:.1%}")

# %% [markdown]
# Five runs, all alike but for the numbering. What is their average, component 0 with component 0 and so on?

# %%
shares = torch.stack([run.mixture.log_prior.exp() for run in runs]).mean(0)
lists = torch.stack([run.mixture.log_words.exp() for run in runs]).mean(0)
average = models.Mixture(shares.log(), lists.log())
for name, model in (("each of the five", fitted), ("their average", average), ("K = 1", single)):
    print(f"{name:16s} held-out {held_out_nats(model, held_out):.3f} nats a word")

# %% [markdown]
# ### In your own words 2 · The average of five runs (2 points, 10 minutes)
#
# "I ran EM from five starts," a student writes. "All five reach the same held-out log p(x), so to be on the safe side I averaged shares and word probabilities, component by component, and report the average."
# Her averaged model has lost most of what the mixture gains over $K = 1$, as you have just seen. Why? What could she have averaged, or what should she do first? Three to five sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_average_of_runs", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# The numbers of the components are arbitrary: component 0 is football in one run and money in another. Each of the K! orders has the same log p(x), so equal scores do not mean equal parameters.
# Averaging component 0 over runs mixes different subjects, and every averaged component drifts towards the corpus's mean word distribution, which is the K = 1 model. She could average what does not depend on the numbering, such as each run's p(x) of a document
# (an average of five mixtures), or first match the components of all runs to those of one run, or simply keep the run with the best J, chosen on training or dev data.
#
# **Rubric, 2 points.** 1 point: label switching, the same component number means different things in different runs although log p(x) is equal; averages therefore approach the corpus mean. 1 point: a sound remedy (match first; average permutation-invariant quantities such as p(x) or co-membership;
# or pick one run by J or dev). Half a point off for "local optima" without label switching.
# ### END SOLUTION

# %% [markdown]
# ## 8 · The gradient knows the posterior
#
# Is there life without an E-step? $\log p(x)$ is a differentiable function of $\theta$. Autograd gives its gradient, and Adam does the climbing. Look at what that gradient is:
#
# $$\nabla_\theta \log p(x) = \frac{\sum_z \nabla_\theta\, p(x, z)}{p(x)} = \sum_z \frac{p(x, z)}{p(x)}\, \nabla_\theta \log p(x, z) = \mathbb{E}_{p(z \mid x)}\big[\nabla_\theta \log p(x, z)\big].$$
#
# **The gradient of the evidence is the posterior mean of the gradient of the joint.** Whoever differentiates a logsumexp does an E-step.
#
# For word lists written as $\theta_k = \operatorname{softmax}(\eta_k)$, the inner gradient is *observed minus expected*: $\partial \log p(x, k) / \partial \eta_{kv} = n_v - N \theta_{kv}$ with $N$ the length of the document, and 0 in the logits of the other components. So
#
# $$\frac{\partial}{\partial \eta_{kv}} \sum_b \log p(x_b) = \sum_b r_{bk}\, \big(n_{bv} - N_b\, \theta_{kv}\big).$$
#
# Set this to zero *with $r$ held fixed*, and you have the M-step (without smoothing).
#
# ### Exercise 6 · The gradient of the evidence (3 points, 12 minutes)
#
# By the formula: what autograd would have to find out, and what the check compares with.
#
# <details><summary>Hint 1</summary>
#
# You need the responsibilities first, and for them $\log \theta = $ `word_logits.log_softmax(-1)`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# The sum over b splits into two. One is `r.T @ counts`. The other is, for each component, its expected number of words, `r.T @ counts.sum(-1)`, times its word probabilities.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "marginal_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def marginal_gradient(log_prior, word_logits, counts):
    """Gradient of ∑ log p(x) in the logits of the word lists.

    log_prior: `[K]`. word_logits: η, any real numbers, with θ_k = softmax(η_k), `[K, V]`.
    counts: `[B, V]`.
    Returns `[K, V]`, summed over documents. About 4 lines.
    """
    ### BEGIN SOLUTION
    log_words = word_logits.log_softmax(-1)
    r = (log_prior + counts @ log_words.T).softmax(-1)  # [B, K]
    observed, length = r.T @ counts, r.T @ counts.sum(-1)  # [K, V], [K]
    return observed - length[:, None] * log_words.exp()
    ### END SOLUTION


# %%
# logits are no log probabilities: a constant added to all of them must change nothing
your_slope = marginal_gradient(start.log_prior, start.log_words + 1, counts)
for k in range(3):
    most = [data.words[v] for v in your_slope[k].topk(4).indices]
    print(f"component {k} wants more of:", ", ".join(most))

# %% nbgrader={"grade": true, "grade_id": "test_marginal_gradient", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# the gradient equals autograd's through the exact sum over components
checks.marginal_gradient_is_exact(marginal_gradient, seed=1)
### BEGIN HIDDEN TESTS
checks.marginal_gradient_is_exact(marginal_gradient, seed=2, num_components=5, num_documents=1)
checks.marginal_gradient_is_exact(
    marginal_gradient, seed=3, num_components=2, num_documents=9, num_words=7
)
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · An encoder in place of the E-step
#
# A third way. Train a network that reads a document and says $q_\lambda(z \mid x)$, and climb the ELBO in $\theta$ and $\lambda$ together. For a mixture nobody needs this: the exact posterior is a softmax away.
# That is why it is a good place to look, because here, and hardly anywhere later, **the gap of every document is known**:
#
# $$\mathrm{gap}_b = \log p(x_b) - \mathrm{ELBO}_b = \mathrm{KL}\big(q_\lambda(z \mid x_b) \,\|\, p(z \mid x_b)\big), \qquad \sum_b \mathrm{gap}_b = \sum_b \log p(x_b) - \sum_b \mathrm{ELBO}_b.$$
#
# ### Exercise 7 · The gap of each document (2 points, 10 minutes)
#
# The encoder gives logits of $q$; they may be huge. A trained encoder is often very sure.
#
# <details><summary>Hint 1</summary>
#
# Neither table is normalised. `log_softmax` makes $\log q$ of one and $\log p(z \mid x)$ of the other.
#
# </details>
# <details><summary>Hint 2</summary>
#
# With both in logs, the KL is the sum over components of q (log q − log p). As `log_softmax` is finite for finite logits, 0 · log 0 does not arise.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "amortised_gap", "locked": false, "schema_version": 3, "solution": true, "task": false}
def amortised_gap(encoder_logits, log_joint):
    """log p(x) − ELBO of each document, in nats.

    encoder_logits: unnormalised log q(z|x), `[B, K]`. log_joint: log p(x, z), `[B, K]`.
    Returns `[B]`, never negative. About 3 lines.
    """
    ### BEGIN SOLUTION
    log_q, log_p = encoder_logits.log_softmax(-1), log_joint.log_softmax(-1)
    return (log_q.exp() * (log_q - log_p)).sum(-1)
    ### END SOLUTION


# %%
your_gaps = amortised_gap(
    torch.tensor([[0.0, 0.0], [0.0, 4.0]]), torch.tensor([[0.1, 0.3], [0.1, 0.3]]).log()
)
print(your_gaps, "(the first is ½ log 2 + ½ log ⅔ = 0.1438)")

# %% nbgrader={"grade": true, "grade_id": "test_amortised_gap", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# each gap is log p(x) − ELBO by enumeration, and they sum to the difference of the sums
checks.amortised_gap_is_exact(amortised_gap, seed=1)
### BEGIN HIDDEN TESTS
checks.amortised_gap_is_exact(amortised_gap, seed=2, num_documents=1, num_components=8)
checks.amortised_gap_is_exact(amortised_gap, seed=3, num_documents=9, num_components=2)
### END HIDDEN TESTS

# %% [markdown]
# ### Three ways up, on real news
#
# Now 2,225 BBC articles on five subjects, about 120 words each after preparation. Three methods start at the *same* five random places and read all training documents the same number of times: EM; Adam on $\log p(x)$; Adam on the ELBO with an encoder.
# The control is $K = 1$. Each method is judged by the exact held-out $\log p(x)$ of its mixture, not by its bound.
#
# **Predict, then run.** Order the three by held-out log p(x). Which has the largest spread over starts?

# %% tags=["long"]
preset = models.MIXTURE_PRESETS[scale]
news = datasets.bbc_news()
print(news.record)
train_counts, test_counts = news.train.counts.to(device), news.test.counts.to(device)
K, V = len(news.classes), len(news.words)
starts = [random_start(train_counts, K, s) for s in range(preset.num_restarts)]

# %% tags=["long"]
fits = {"EM": [], "gradient of log p(x)": [], "amortised q": []}
steps, a, lr, lr_q = preset.em_steps, preset.smoothing, preset.learning_rate, preset.encoder_rate
for s, begin in enumerate(starts):
    torch.manual_seed(s)
    encoder = models.MixtureEncoder(V, K, preset.encoder_hidden).to(device)
    fits["EM"].append(models.em(begin, train_counts, steps, a))
    fits["gradient of log p(x)"].append(models.fit_by_gradient(begin, train_counts, steps, lr, a))
    fits["amortised q"].append(
        models.fit_amortised(begin, train_counts, encoder, steps, lr, lr_q, a, progress=True)
    )


# %% tags=["long"]
def show_fits(name, fitted):
    """Print mean ± sd over starts: held-out log p(x), and documents matched with their labels."""
    nats = torch.stack([held_out_nats(fit.mixture, test_counts) for fit in fitted])
    tables = [fit.mixture.responsibilities(test_counts).cpu() for fit in fitted]
    right = torch.tensor([models.matched_accuracy(r, news.test.label) for r in tables])
    found = f"{nats.mean():9.3f} ± {nats.std():.3f} {nats.max():9.3f}"
    print(f"{name:22s} {found}   {right.mean():15.1%} ± {right.std():.1%}")


control = held_out_nats(models.one_topic(train_counts, a), test_counts)
print(f"{news.record.name}, test split; {preset.num_restarts} starts, {steps} passes")
print(f"{'nats a word':22s} {'mean ± sd':>17} {'best':>9}   {'with their label':>22}")
print(f"{'K = 1 (control)':22s} {control:9.3f}")
for name, fitted_runs in fits.items():
    show_fits(name, fitted_runs)

# %% [markdown]
# Three things to read off. First the control: how much a word gains from knowing the subject at all. Then the order of the methods *at an equal number of passes*; Adam's rates were chosen by the training objective, EM has no rate to choose.
# Then the spread: on real data the hills are not equal any more, so **initialisation matters**, and one run proves little. A gap between methods that is smaller than the spread over starts is no result. By this rule EM and the gradient are not told apart; the amortised fit is behind both.
#
# Why is the amortised fit behind? Three suspects: too few passes; an encoder that cannot express these posteriors; or the two learning *together*. The next cell questions them: four times the passes from start 0, and an encoder that is trained alone, on the best mixture that EM found, which stays as it is.

# %% tags=["long"]
torch.manual_seed(seed)
patient, apprentice = (
    models.MixtureEncoder(V, K, preset.encoder_hidden).to(device) for _ in range(2)
)
longer = models.fit_amortised(
    starts[0], train_counts, patient, 4 * steps, lr, lr_q, a, progress=True
)
best = max(fits["EM"], key=lambda run: run.trace[-1]).mixture
models.fit_amortised(best, train_counts, apprentice, steps, 0.0, lr_q, a, progress=True)
both = {"EM": fits["EM"][0], "amortised": fits["amortised q"][0]}
for name, fit in {**both, "amortised, 4 × the passes": longer}.items():
    nats = held_out_nats(fit.mixture, test_counts)
    print(f"from start 0, {name}: {nats:.3f} nats a held-out word")

# %% tags=["long"]
together = [(fit.encoder, fit.mixture) for fit in fits["amortised q"]]
print(f"{'gap, nats':32} {'median':>8} {'mean':>6} {'worst':>6} {'above 1 nat':>12}")
for name, found in {"together": together, "alone, on EM's mixture": [(apprentice, best)]}.items():
    for place, split in (("train", train_counts), ("test", test_counts)):
        gaps = torch.cat([models.amortised_gap(*both, split) for both in found])
        numbers = f"{gaps.median():8.4f} {gaps.mean():6.3f} {gaps.max():6.1f}"
        print(f"{name:26} {place:5} {numbers} {(gaps > 1).double().mean():12.1%}")

# %% tags=["long"]
print("nats a held-out word:  amortised   and then EM from there   EM from the start")
for s, (fit, rival) in enumerate(zip(fits["amortised q"], fits["EM"])):
    onwards = models.em(fit.mixture, train_counts, steps, a)
    nats = [held_out_nats(each.mixture, test_counts) for each in (fit, onwards, rival)]
    print(f"start {s} {nats[0]:24.3f} {nats[1]:24.3f} {nats[2]:19.3f}")

# %% [markdown]
# More passes help, and do not get it to EM. And an encoder on its own learns to read EM's posteriors, on the documents it is trained on, to within about a tenth of a nat on average. So neither passes nor capacity explain the whole difference. What is left is the learning *together*, and the last table shows what it does. Exact EM, begun where an amortised fit has ended, mostly stays behind EM from the start: the encoder guessed early, the mixture adapted to its guesses, and both settled on a lower hill.
#
# Now compare *train* with *test*. An encoder is a network and generalises as networks do; an E-step has nothing to generalise. Most documents have no gap to speak of: their posterior is nearly one-hot, and the encoder points the right way. A few have a gap of tens of nats: there it points the wrong way, and is sure of it. The mean is made of these few. *Report more than a mean.*
#
# Does EM find what we were looking for? Not because we were looking for it. On the reviews of SST, with two components (and no labels, as before):

# %% tags=["long"]
reviews = datasets.sentence_bags(datasets.sst(), preset.sst_words)
seen = reviews.train.counts.to(device)
pair = models.em(random_start(seen, 2, seed), seen, steps, a).mixture
alone = models.one_topic(seen, a)
pull = pair.log_words.exp() * (pair.log_words - alone.log_words)
for k in range(2):
    words = [reviews.words[v] for v in pull[k].topk(12).indices]
    print(f"share {pair.log_prior[k].exp():.2f}:", " ".join(words))
unseen, label = reviews.test.counts.to(device), reviews.test.label.to(device)
by_label = [pair.responsibilities(unseen[label == y])[:, 0].mean() for y in range(5)]
print("mean responsibility of the first component, from very negative to very positive:")
print(" ".join(f"{p:.2f}" for p in by_label))
for name, model in (("K = 1", alone), ("K = 2", pair)):
    print(f"held-out, {name}: {held_out_nats(model, unseen):.3f} nats a word")

# %% [markdown]
# On SST itself one component *talks* (you, it, n't, to) and the other *describes* (and, of, a). That is where sentences differ most in their words, so that is what a mixture of two explains. Talking leans towards the negative labels, and no more than leans.
# (Where SST cannot be had, a generated stand-in takes its place, and the words are others.) A latent variable explains *the data*, not your question.
#
# ## 10 · A mixture of sentences
#
# So far word order has counted for nothing. Replace each word list by a small language model, and let $z$ choose one of them **once per sentence**:
#
# $$p(x) = \sum_k \pi_k \prod_t p_k(x_t \mid x_{<t}).$$
#
# An RNN has no M-step in closed form. But look at the E-step: $p(z \mid x)$ still has $K$ terms. Run every RNN over the sentence, add up, add the log prior, normalise. The posterior is as exact as before,
# and $\nabla \log p(x)$ of section 8 trains all of it.
#
# ### Exercise 8 · The posterior of a mixture of RNNs (3 points, 15 minutes)
#
# Each model maps tokens to logits: `model(tokens)[b, t]` are the logits of word $t$ of sentence $b$, given the words before it. Sentences are padded: `mask` is True on words. Run each model once.
#
# <details><summary>Hint 1</summary>
#
# Per model: `log_softmax` over the vocabulary, then pick the log probability of the word that is there with `gather`. Then the mask, then the sum over t.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `logits.log_softmax(-1).gather(-1, tokens[..., None])[..., 0]` is `[B, T]`. Sum over words *before* you normalise over components: the sentence chooses once.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "rnn_posterior", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_posterior(components, log_prior, tokens, mask):
    """p(z|x) of a mixture of language models.

    components: K functions, tokens `[B, T]` → logits `[B, T, V]`; logits[:, t] are for
        tokens[:, t].
    log_prior: `[K]`. tokens: `[B, T]`, 0 at padding. mask: True on words, `[B, T]`.
    Returns `[B, K]`, rows sum to 1. About 5 lines.
    """
    ### BEGIN SOLUTION
    rows = []
    for component in components:
        each = component(tokens).log_softmax(-1).gather(-1, tokens[..., None])[..., 0]  # [B, T]
        rows.append((each * mask).sum(-1))
    return (log_prior + torch.stack(rows, -1)).softmax(-1)
    ### END SOLUTION


# %%
def shy(tokens):
    return one_hot(tokens * 0, 3) * 2.0  # says word 0 all the time, nearly


def bold(tokens):
    return one_hot(tokens * 0 + 2, 3) * 2.0  # says word 2


some_tokens = torch.tensor([[0, 0, 1], [2, 0, 0]])
some_mask = torch.tensor([[True, True, True], [True, False, False]])
print(rnn_posterior([shy, bold], torch.tensor([0.5, 0.5]).log(), some_tokens, some_mask))

# %% nbgrader={"grade": true, "grade_id": "test_rnn_posterior", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# the posterior equals an enumeration word by word; padding does not count, long sentences survive
checks.rnn_posterior_is_exact(rnn_posterior, seed=1)
### BEGIN HIDDEN TESTS
checks.rnn_posterior_is_exact(rnn_posterior, seed=2, num_components=2, num_words=9)
checks.rnn_posterior_is_exact(rnn_posterior, seed=3, num_components=5, num_words=3)
### END HIDDEN TESTS

# %% [markdown]
# Sentences of a generated language (unit 07 uses all of it), three of its subjects. Three small GRUs in a mixture, from three starts; as controls one GRU of the same width, and one of about the same size as all three.
#
# **Predict, then run.** Will the mixture beat the single GRU of equal size? Will its components be the three subjects?

# %% tags=["long"]
text = datasets.language()
vocabulary = datasets.text_vocabulary(text.train)
subjects = sorted({datasets.topic_of(s) for s in text.train})[:3]
chosen = {
    name: [s for s in text[name] if datasets.topic_of(s) in subjects] for name in ("train", "test")
}
corpora = {name: datasets.encode_text(sentences, vocabulary) for name, sentences in chosen.items()}
subject = torch.tensor([subjects.index(datasets.topic_of(s)) for s in chosen["test"]])
print(len(corpora["train"]), "sentences on", ", ".join(subjects))
print("such as:", *chosen["train"][0])


# %% tags=["long"]
def train_rnns(components, hidden, start):
    """A trained mixture of RNNs."""
    torch.manual_seed(start)
    model = models.MixtureOfRNNs(len(vocabulary), components, hidden=hidden).to(device)
    batches = datasets.Batches(corpora["train"], 64, device=device)
    epochs, adam = max(1, preset.rnn_steps // len(batches)), optimisers(model, preset.rnn_rate)

    def objective(batch):
        return {"loss": -model.log_evidence(batch.tokens, batch.mask).mean()}

    train(objective, batches, adam, epochs, name=f"{components} × {hidden}, start {start}")
    return model


@torch.no_grad()
def test_rnns(model):
    """Held-out log p(x) in nats a sentence, and the responsibilities."""
    batches = list(datasets.Batches(corpora["test"], 100, shuffle=False, device=device))
    tables = torch.cat([model.log_joint(b.tokens, b.mask) for b in batches]).cpu()
    order = torch.cat([b.index for b in batches]).cpu().argsort()  # batches are sorted by length
    return tables.logsumexp(-1).mean(), tables[order].softmax(-1)


narrow, wide = preset.rnn_hidden, preset.rnn_control
plans = [(1, narrow, 1), (1, narrow, 2), (1, wide, 1), (1, wide, 2)]
plans += [(3, narrow, 1), (3, narrow, 2), (3, narrow, 3)]
rnns = {plan: train_rnns(*plan) for plan in plans}

# %% tags=["long"]
print(f"{'units':8} {'weights':>8} {'start':>6} {'nats a sentence':>16} {'matched':>8}   use")
for (components, hidden, s), model in rnns.items():
    nats, r = test_rnns(model)
    size = sum(p.numel() for p in model.parameters())
    print(f"{components} × {hidden:<4} {size:8,d} {s:6d} {nats:16.2f}", end="")
    use = " ".join(f"{p:.2f}" for p in r.mean(0))
    print(f" {models.matched_accuracy(r, subject):8.0%}   {use}" if components > 1 else "")

# %% [markdown]
# Read it without hope. The components line up with the subjects only in part, and how far depends on the start. And two starts of the single wide GRU differ by more than any two models do on average: **this table tells no model apart**. A single GRU does about as well without any $z$:
# it can carry the subject in its state from the first telling word on. **A strong decoder has little use for a latent variable.** Keep this table in mind for unit 07.
#
# ## 11 · A line of topics
#
# Why only $K$ subjects? Let $z$ be a position on a line, and the word probabilities move along it:
#
# $$z \sim \mathcal{N}(0, 1), \qquad x_t \mid z \sim \mathrm{Categorical}\big(\operatorname{softmax}(c + w z)\big), \qquad p(x) = \int \mathcal{N}(z; 0, 1) \prod_t p(x_t \mid z)\, dz.$$
#
# This is a mixture with infinitely many components. The E-step would be $p(z \mid x)$ at every $z$: no closed form, and the posterior is no Gaussian. But the line has one dimension, so quadrature does the integral, and the identity of section 8 holds as it stands.
# Two ways to one gradient; the cell stops if they differ.

# %% tags=["nbval-check-output"]
generator = torch.Generator().manual_seed(seed)
bias = single.log_words[0].clone().requires_grad_()
slope = 0.3 * torch.randn(len(data.words), generator=generator).double()
slope = slope.to(device).requires_grad_()
line, few = models.TopicLine(bias, slope), counts[:50]
(through_the_integral,) = torch.autograd.grad(line.log_evidence(few).sum(), slope)
posterior = line.posterior_mass(few).detach()  # [N, B]: weights of the nodes, by Bayes' rule
joint_at_nodes = line.log_joint(few, line.points().values)
(posterior_mean_of_gradients,) = torch.autograd.grad((posterior * joint_at_nodes).sum(), slope)
assert torch.allclose(through_the_integral, posterior_mean_of_gradients, atol=1e-8)
print("∇ log p(x) = E_post[∇ log p(x, z)], for an integral as for a sum")

# %% tags=["long"]
adam = torch.optim.Adam([bias, slope], lr=0.05)
for _ in range(150):
    adam.zero_grad()
    (-line.log_evidence(counts).mean()).backward()
    adam.step()
ends = slope.detach().argsort()
print("one end:  ", " ".join(data.words[v] for v in ends[:6]))
print("other end:", " ".join(data.words[v] for v in ends[-6:]))
for name, model in {"K = 1": single, "a line": line, "K = 3": fitted, "the truth": truth}.items():
    print(f"{name:10s} held-out {held_out_nats(model, held_out).item():.4f} nats a word")

# %% [markdown]
# Three subjects do not lie on a line; it sets two of them at its ends and the third somewhere between. The line has no $K!$, but try $-z$ for $z$: label switching has become a mirror.
#
# With a $z$ of fifty dimensions there is no quadrature any more. An encoder and samples is what remains, and that is unit 03.
#
# ## 12 · What this shows, and what it does not
#
# - EM is coordinate ascent on the ELBO, in closed form. Where E- and M-step are exact, it needs no learning rate, and its objective never falls.
# - It climbs the hill on which it stands. Restarts are part of the method, and of the report.
# - The gradient of $\log p(x)$ *is* an E-step. EM and gradients differ in the step they take, not in what they know.
# - An encoder trades exact responsibilities for one forward pass. What it loses can be measured here, and is mostly in a few documents.
# - Components found without labels need not be the labels. Held-out $\log p(x)$ says how well the data are explained, no more.
#
# ## On your own
#
# - **Fewer words.** Cut the keyword lists to 3 words (`counts` of a random part). When does EM stop finding the subjects, though the true model would?
# - **K.** Choose $K$ on BBC by held-out log p(x) of the dev split. Does it stop at 5? What are the others?
# - **Incremental EM.** Update the responsibilities of one document at a time, and its share of the expected counts at once (Neal and Hinton). The ELBO still never falls. Is it quicker?
# - **Partial E-steps.** Run EM on the keyword lists with `models.partial_e_step` and share 0.3, $q$ uniform at first: once from a random start, once from the parameters that EM found. In which of the two does $\log p(x)$ fall?
# - **EM for the RNNs.** Alternate exact responsibilities with ten gradient steps on $\sum_k r_k \log p_k(x)$, $r$ held fixed. Is $\log p(x)$ still monotone?
#
# ## Further reading
#
# - A. P. Dempster, N. M. Laird, D. B. Rubin (1977). Maximum Likelihood from Incomplete Data via the EM Algorithm. *Journal of the Royal Statistical Society B* 39 (1), 1–38. <https://doi.org/10.1111/j.2517-6161.1977.tb01600.x>
# - R. M. Neal, G. E. Hinton (1998). A View of the EM Algorithm that Justifies Incremental, Sparse, and Other Variants. In: *Learning in Graphical Models*, 355–368. Springer. <https://doi.org/10.1007/978-94-011-5014-9_12>. The one function that both half-steps climb.
# - K. Nigam, A. K. McCallum, S. Thrun, T. Mitchell (2000). Text Classification from Labeled and Unlabeled Documents using EM. *Machine Learning* 39, 103–134. <https://doi.org/10.1023/A:1007692713085>. Naive Bayes with labels missing.
# - R. Salakhutdinov, S. Roweis, Z. Ghahramani (2003). Optimization with EM and Expectation-Conjugate-Gradient. *Proceedings of ICML 2003*. When the gradient is quicker than EM.
# - M. Stephens (2000). Dealing with Label Switching in Mixture Models. *Journal of the Royal Statistical Society B* 62 (4), 795–809. <https://doi.org/10.1111/1467-9868.00265>
# - D. Greene, P. Cunningham (2006). Practical Solutions to the Problem of Diagonal Dominance in Kernel Document Clustering. *ICML*. <https://doi.org/10.1145/1143844.1143892>. The BBC articles; prepared by OCTIS, S. Terragni et al. (2021), *EACL*. <https://aclanthology.org/2021.eacl-demos.31>
# - A. Azzalini, A. W. Bowman (1990). A Look at Some Data on the Old Faithful Geyser. *Applied Statistics* 39 (3), 357–365. <https://doi.org/10.2307/2347385>
# - Y. Kim, S. Wiseman, A. M. Rush (2018). A Tutorial on Deep Latent Variable Models of Natural Language. Tutorial at *EMNLP 2018*. <https://arxiv.org/abs/1812.06834>. Mixtures of categoricals, of RNNs, and the continuous one, in the same order.
