"""The whole experiment on the generated treebank, where the words that decide are known."""

from dataclasses import replace

import pytest
import torch

from vilib.datasets import treebank
from vilib.estimators import ScoreFunction
from vilib.estimators.baselines import LeaveOneOut
from vilib.models import all_words, evaluate, majority
from vilib.models.presets import CLASSIFIERS, PRESETS, SELECTORS
from vilib.models.rationale_experiment import (
    build_model,
    prepare,
    train_classifier,
    train_rationale,
)

SMALL = replace(PRESETS["class"], batch_size=64, vector_size=30, hidden=30, selector_hidden=16)


@pytest.fixture(scope="module")
def data():
    return prepare(treebank(sizes=(1500, 200, 400)), SMALL)


def test_full_text_learns(data):
    classifier, history = train_classifier(data, all_words, SMALL, seed=1, progress=False)
    report = evaluate(classifier, all_words, data.batches("test"))
    train, test = data.splits["train"], data.splits["test"]
    assert report.accuracy > majority(train.labels, test.labels) + 0.2
    assert history["loss"][-1] < history["loss"][0]
    best = evaluate(classifier, all_words, data.batches("dev")).accuracy
    assert best == pytest.approx(max(history["dev_accuracy"]))


def test_rationale_finds_the_planted_words(data):
    before = torch.get_rng_state()
    estimator = ScoreFunction(LeaveOneOut())
    run = train_rationale(data, estimator, 0.3, SMALL, seed=1, progress=False)
    report = evaluate(run.model.classifier, run.model.select, data.batches("test"))
    assert abs(report.selection_rate - 0.3) < 0.06
    assert report.polar_ratio > 2
    assert run.constraint.step == len(run.history) * len(data.batches("train", 64)) == 264
    assert torch.equal(before, torch.get_rng_state())


def test_the_seed_is_all_that_matters(data):
    short = replace(SMALL, rationale_steps=24)
    torch.manual_seed(1)
    runs = []
    for seed in (3, 3, 4):
        torch.rand(1)
        run = train_rationale(data, ScoreFunction(), 0.3, short, seed=seed, progress=False)
        runs.append(run.history["loss"][-1])
    assert runs[0] == runs[1] != runs[2]


def test_the_paper_preset_runs(data):
    paper = replace(PRESETS["paper"], control_steps=1, rationale_steps=1, batch_size=1500)
    small = prepare(treebank(sizes=(40, 5, 5)), paper)
    train_classifier(small, all_words, paper, seed=1, progress=False)
    run = train_rationale(small, ScoreFunction(), 0.3, paper, seed=1, progress=False)
    assert type(run.model.selector).__name__ == "LSTMSelector"
    assert run.constraint.step == 1


@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_every_architecture_takes_a_step(data, selector, classifier):
    preset = replace(SMALL, selector=selector, classifier=classifier, hidden=8, selector_hidden=8)
    model = build_model(data, preset)
    batch = next(iter(data.batches("train", 4)))
    q = model.posterior(batch.tokens, batch.mask)
    estimator = ScoreFunction(LeaveOneOut())
    surrogate = estimator(
        q, lambda z: model.log_likelihood(batch.tokens, batch.mask, z, batch.label), 2
    )
    surrogate.mean().backward()
    assert all(p.grad is not None for p in model.parameters())


def test_rare_words_count_as_unknown(data):
    assert min(data.vocabulary.counts[2:]) >= PRESETS["class"].min_count
