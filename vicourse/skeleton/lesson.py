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
# # 00_skeleton — one sentence that is remembered
#
# **What you'll do.** Write the log probability of a coin, and see that its tosses add up to one.
#
# **What you'll learn.** To stay in logits and nats, where nothing underflows.
#
# **What you'll need.** Logarithms.
#
# **Time.** About 15 minutes: reading 5, exercises 10; computing a few seconds.

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
from torch import Tensor
from torch.nn.functional import logsigmoid

import vilib
from vilib import checks

# %%
torch.manual_seed(seed)
# on a shared machine two threads that wait for each other can be twenty times slower than one
torch.set_num_threads(1)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
vilib.doctor("00_skeleton", minutes=1)

# %% [markdown]
# ## Predict, then run
# A coin with logit $a$ shows heads with probability $\sigma(a) = 1 / (1 + e^{-a})$.
# **Predict:** what do the two probabilities add up to, and their logarithms? Then run the next cell.

# %% tags=["nbval-check-output"]
for a in torch.tensor([-2.0, 0.0, 2.0]):
    heads, tails = logsigmoid(a), logsigmoid(-a)
    print(f"logit {a:4.1f}: log p of heads {heads:.3f}, of tails {tails:.3f}, in nats")


# %% [markdown]
# ## Exercise 1: the log probability of a coin (2 points, 7 minutes)
# Return $\log p(x)$ for every toss.
#
# <details><summary>Hint 1</summary>Tails with logit a are heads with logit −a.</details>
# <details><summary>Hint 2</summary>logsigmoid(a) is log σ(a), and is stable.</details>

# %% nbgrader={"grade": false, "grade_id": "coin_log_pmf", "locked": false, "schema_version": 3, "solution": true, "task": false}
def coin_log_pmf(logits: Tensor, x: Tensor) -> Tensor:
    """log p(x) in nats, elementwise: logits `[B, T]`, x `[B, T]` of 0 and 1 → `[B, T]`; about 1 line."""
    ### BEGIN SOLUTION
    return x * logsigmoid(logits) + (1 - x) * logsigmoid(-logits)
    ### END SOLUTION


# %%
# look at your own answer: it should be the last line above
print(coin_log_pmf(torch.tensor([2.0, 2.0]), torch.tensor([1.0, 0.0])))

# %% nbgrader={"grade": true, "grade_id": "test_coin_log_pmf", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# checks coin_log_pmf on ten tosses; your own check becomes a function of vilib.checks
checks.bernoulli_log_pmf_is_exact(coin_log_pmf, seed=1)
### BEGIN HIDDEN TESTS
checks.bernoulli_log_pmf_is_exact(coin_log_pmf, seed=2, num_documents=3)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: in your own words (1 point, 3 minutes)
# Why is the log probability of a coin never positive?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_sign", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# A probability is at most one, and the logarithm of a number up to one is at most zero.
#
# **Rubric.** 1 point for naming that probabilities do not exceed one.
# ### END SOLUTION

# %% [markdown]
# ## On your own
# Plot $\log p$ of heads against the logit.
#
# ## Further reading
# Claude Shannon (1948), *A mathematical theory of communication*, [doi:10.1002/j.1538-7305.1948.tb01338.x](https://doi.org/10.1002/j.1538-7305.1948.tb01338.x).
