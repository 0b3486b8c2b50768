"""Schedules, the objective at a given step, and tiny runs of every cure."""

from dataclasses import replace

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from vilib import bounds
from vilib.datasets.language import language
from vilib.models import CURES, BetaSchedule, CollapsePreset, Cure, report
from vilib.models.collapse_experiment import (
    VAEObjective,
    build_vae,
    prepare_text,
    train_language_model,
    train_vae,
)
from vilib.models.collapse_presets import COLLAPSE_PRESETS
from vilib.models.collapse_report import use_of_code, watch

SMALL = CollapsePreset(
    embedding_size=8, hidden=12, code_size=4, batch_size=20, num_steps=120, stretch=30,
    learning_rate=0.01,
    num_samples=5, num_evaluated=30, num_watched=20,
)  # fmt: skip
TEXT = language(sizes=(200, 40, 40))


@pytest.fixture(scope="module")
def data():
    return prepare_text(TEXT, SMALL)


@pytest.fixture
def batch(data):
    return next(iter(data.batches("train", 20)))


def test_schedules_are_those_of_the_bounds():
    steps = range(45)
    linear, cyclical = BetaSchedule(0.2, 0.5), BetaSchedule(0.0, 0.5, cycles=4)
    for i in steps:
        assert linear(i, 40) == pytest.approx(bounds.beta_linear(i, 20, start=0.2))
        assert cyclical(i, 40) == pytest.approx(bounds.beta_cyclical(i, 40))
    assert {BetaSchedule()(i, 40) for i in steps} == {1.0}
    assert BetaSchedule(start=3.0, warm_up=1.0, end=0.5)(20, 40) == pytest.approx(1.75)


@pytest.mark.parametrize("wrong", [{"start": -1}, {"end": -0.1}, {"warm_up": 1.1}, {"cycles": 0}])
def test_what_no_slider_gives_is_refused(wrong):
    with pytest.raises(ValueError, match="at least one cycle"):
        BetaSchedule(**wrong)


def test_the_loss_is_distortion_plus_beta_times_rate(data, batch):
    torch.manual_seed(1)
    model = build_vae(data, SMALL, Cure())
    for cure in (Cure(), Cure(beta=BetaSchedule(end=0.25)), Cure(free_nats=8.0)):
        torch.manual_seed(2)
        found = VAEObjective(model, cure, SMALL, num_steps=10)(batch)
        q = model.posterior(batch.tokens, batch.mask)
        torch.manual_seed(2)
        z = q.rsample((1,))
        distortion = -model.log_likelihood(batch.tokens, batch.mask, z).mean()
        each = kl_divergence(q.base_dist, Normal(torch.zeros(20, 4), 1.0)).mean(0)
        paid = sum(max(2.0, rate) for rate in each.tolist()) if cure.free_nats else each.sum()
        beta = cure.beta.end
        torch.testing.assert_close(found["loss"], distortion + beta * paid)
        torch.testing.assert_close(found["rate"], each.sum())


def test_the_multiplier_rises_while_the_rate_is_low(data, batch):
    torch.manual_seed(1)
    objective = VAEObjective(build_vae(data, SMALL, Cure()), Cure(minimum_rate=9.0), SMALL, 10)
    prices, betas = [0.0], []
    for _ in range(3):
        betas.append(objective(batch)["beta"])
        prices.append(objective.constraint.multiplier.item())
    assert prices == sorted(set(prices))
    assert betas == pytest.approx([1 - price for price in prices[:3]])


def test_more_inference_steps_move_the_encoder_alone(data, batch):
    torch.manual_seed(1)
    model = build_vae(data, SMALL, Cure())
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    VAEObjective(model, Cure(encoder_steps=3), SMALL, 10)(batch)
    moved = {name for name, p in model.named_parameters() if not torch.equal(p, before[name])}
    assert moved
    assert not any(name.startswith("decoder.") for name in moved)


def test_words_are_dropped_in_training_and_not_in_reports(data):
    torch.manual_seed(1)
    model = build_vae(data, SMALL, Cure())
    batch = next(iter(data.batches("dev", 20)))
    z = torch.zeros(1, 20, 4)
    plain = model.log_likelihood(batch.tokens, batch.mask, z)
    assert torch.equal(plain, model.log_likelihood(batch.tokens, batch.mask, z))
    assert not torch.equal(plain, model.log_likelihood(batch.tokens, batch.mask, z, 0.9))


@pytest.mark.parametrize("name", CURES)
def test_every_cure_trains(data, name):
    before = torch.get_rng_state()
    run = train_vae(data, CURES[name], SMALL, seed=1, progress=False)
    assert torch.equal(before, torch.get_rng_state())
    assert len(run.history) == SMALL.num_stretches == 4
    assert run.history["distortion"][-1] < run.history["distortion"][0]
    torch.manual_seed(1)
    found = report(run.model, data.batches("test"), num_samples=5)
    assert found.sentences == 30
    assert found.nelbo == pytest.approx(found.rate + found.distortion, abs=1e-4)
    assert found.nll > TEXT.entropy


def test_the_seed_is_all_that_matters_and_looking_changes_nothing(data):
    runs = [
        train_vae(data, Cure(), replace(SMALL, stretch=stretch), seed=seed, progress=False)
        for seed, stretch in ((3, 5), (3, 5), (4, 5), (3, 10))
    ]
    ends = [run.model.decoder.output.bias.detach() for run in runs]
    assert torch.equal(ends[0], ends[1])
    assert not torch.equal(ends[0], ends[2])
    assert torch.equal(ends[0], ends[3]), "measuring twice as often must not change the run"


def test_language_model_learns_and_stays_above_the_entropy(data):
    model, history = train_language_model(data, SMALL, seed=1, progress=False)
    found = report(model, data.batches("test"))
    assert history["loss"][-1] < history["loss"][0]
    assert found.nll > TEXT.entropy
    assert (found.rate, found.nll_error, found.information, found.active) == (0, 0, 0, 0)
    words = sum(len(s) + 1 for s in TEXT.test[:30])
    assert found.perplexity == pytest.approx(
        torch.tensor(found.nll * 30 / words).exp().item(), rel=1e-5
    )


def test_use_is_measured_over_all_batches_together(data):
    torch.manual_seed(1)
    model = build_vae(data, SMALL, Cure())
    with torch.no_grad():
        model.head.layer.weight.mul_(20.0)
        model.head.layer.bias[4:] = -12.0  # nearly points: the code tells which sentence it was
        model.head.layer.weight[4:] = 0.0
    torch.manual_seed(1)
    whole = use_of_code(model, data.batches("test", 30))
    parts = use_of_code(model, data.batches("test", 7))
    assert whole["active"] == parts["active"] == 4
    for found in (whole, parts):
        assert found["information"] == pytest.approx(torch.tensor(30.0).log().item(), abs=0.05)
    assert watch(model, data.batches("dev"))["active"] == 4


def test_preparing_cuts_length_number_and_vocabulary():
    small = prepare_text(TEXT, replace(SMALL, max_length=4, num_words=10))
    assert int(small.splits["train"].lengths.max()) == 4
    assert len(small.splits["dev"]) == 20
    assert len(small.vocabulary) == 14
    assert len(prepare_text(TEXT, replace(SMALL, num_evaluated=0)).splits["test"]) == 40


def test_presets_say_what_they_are():
    assert COLLAPSE_PRESETS["class"].num_steps == 750
    assert COLLAPSE_PRESETS["paper"].hidden == 1024
