"""The list of estimators: what each needs, and what each refuses."""

import re

import pytest
import torch
from torch import nn
from torch.distributions import Bernoulli, Categorical, Independent, Normal, Poisson

from tests.estimators.measure import build
from tests.estimators.test_contract import NormalWithoutRsample
from vilib.estimators import ALL, Pathwise, StraightThroughBernoulli


def test_what_cannot_be_served_is_refused():
    zeros = torch.zeros(2)
    total = lambda z: z  # noqa: E731
    with pytest.raises(ValueError, match="no rsample"):
        Pathwise()(Bernoulli(logits=zeros), total)
    with pytest.raises(ValueError, match="no rsample"):
        Pathwise()(NormalWithoutRsample(zeros, 1.0), total)
    with pytest.raises(ValueError, match="needs a Bernoulli"):
        StraightThroughBernoulli()(Categorical(logits=torch.zeros(2, 3)), total)
    with pytest.raises(ValueError, match="at least 2"):
        build("score_function_leave_one_out")(Bernoulli(logits=zeros), total, 1)
    for q in (Normal(zeros, 1.0), Poisson(torch.ones(2))):
        with pytest.raises(ValueError, match="no finite support"):
            build("enumeration")(q, total)
    with pytest.raises(ValueError, match="2097152"):
        build("enumeration")(Independent(Bernoulli(logits=torch.zeros(1, 21)), 1), total)


def test_registry():
    for name, entry in ALL.items():
        assert entry.name == name
        assert re.search(r", (19|20)\d\d, .*https://", entry.reference)
    with pytest.raises(ValueError, match="score_function_network needs network"):
        ALL["score_function_network"].make(value=1.0)
    baseline = (
        ALL["score_function_network"]
        .make(network=nn.Linear(1, 1), condition=torch.ones(2, 1))
        .baseline
    )
    assert torch.equal(baseline.x, torch.ones(2, 1))
    assert ALL["score_function_constant"].make(value=2.0).baseline.value == 2.0
    assert ALL["score_function_running_mean"].make(decay=0.5).baseline.decay == 0.5
