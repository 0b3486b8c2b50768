"""The training loop: what it records, when it stops, and that it goes on exactly."""

import pickle

import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from vilib.datasets import Batches, Vocabulary, treebank
from vilib.estimators import ScoreFunction
from vilib.estimators.baselines import RunningMean
from vilib.models import (
    BagClassifier,
    BagSelector,
    RationaleModel,
    SelectionRate,
    embedding,
)
from vilib.training import Checkpoint, EarlyStop, optimisers, train


class Run:
    """A rationale model on a few sentences, with everything that has a state."""

    def __init__(self, path=None):
        torch.manual_seed(3)
        source = treebank(sizes=(60, 5, 5)).train
        vocabulary = Vocabulary.build(source)
        table = embedding(torch.randn(len(vocabulary), 8))
        self.model = RationaleModel(BagSelector(table, 4), BagClassifier(table, 6))
        self.constraint = SelectionRate(0.3, num_anneal=20)
        generator = torch.Generator().manual_seed(5)
        self.batches = Batches(source.encode(vocabulary), 16, generator=generator)
        self.optimisers = optimisers(self.model, 0.01, table_rate=0.02, selector_rate=0.03)
        self.stop = EarlyStop("loss", 50, higher_is_better=False, keep=self.model)
        things = {"model": self.model, "constraint": self.constraint}
        self.checkpoint = Checkpoint(path, things) if path else None

    def objective(self, batch):
        tokens, mask, label = batch[:3]
        q = self.model.posterior(tokens, mask)
        surrogate = ScoreFunction()(
            q, lambda z: self.model.log_likelihood(tokens, mask, z, label), 2
        )
        return {"loss": -surrogate.mean() + self.constraint.penalty(q, mask)}

    def train(self, num_epochs, schedule_epochs=6):
        return train(
            self.objective,
            self.batches,
            self.optimisers,
            num_epochs,
            schedule=lambda share: 1 - share * num_epochs / schedule_epochs,
            stop=self.stop,
            checkpoint=self.checkpoint,
            progress=False,
        )


def flat(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def test_going_on_equals_never_having_stopped(tmp_path):
    whole = Run()
    expected = whole.train(6)
    Run(tmp_path / "run.pt").train(2)
    resumed = Run(tmp_path / "run.pt")
    torch.manual_seed(99)
    history = resumed.train(6)
    assert torch.equal(flat(resumed.model), flat(whole.model))
    assert resumed.constraint.state_dict() == whole.constraint.state_dict()
    assert history["loss"] == expected["loss"]
    assert (resumed.stop.best, resumed.stop.best_epoch) == (whole.stop.best, whole.stop.best_epoch)


def test_a_finished_run_is_not_run_again(tmp_path):
    Run(tmp_path / "run.pt").train(2)
    again = Run(tmp_path / "run.pt")
    history = again.train(2)
    assert len(history) == 2
    assert again.constraint.step == 2 * len(again.batches)


def test_checkpoint_is_read_as_data_only(tmp_path):
    class Evil:
        def state_dict(self):
            return {"value": Run}

    checkpoint = Checkpoint(tmp_path / "run.pt", {"evil": Evil()})
    checkpoint.save()
    with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
        checkpoint.load()


def test_checkpoint_names_what_it_lacks(tmp_path):
    layer = torch.nn.Linear(1, 1)
    Checkpoint(tmp_path / "run.pt", {"model": layer}).save()
    assert [p.name for p in tmp_path.iterdir()] == ["run.pt"]
    with pytest.raises(KeyError, match="holds no 'other'"):
        Checkpoint(tmp_path / "run.pt", {"other": layer}).load()
    with pytest.raises(FileNotFoundError):
        Checkpoint(tmp_path / "none.pt", {"model": layer}).load()


def numbers(*losses):
    """An objective whose losses are given, and a loop over them."""
    layer = torch.nn.Linear(1, 1)
    given = iter(losses)

    def objective(batch):
        return {"loss": layer.weight.sum() * 0 + next(given), "seen": batch[0].sum()}

    return layer, objective, DataLoader(TensorDataset(torch.arange(4.0)), 2)


def test_history_holds_means_and_what_evaluate_found():
    layer, objective, batches = numbers(1.0, 3.0, 5.0, 6.0)
    accuracy = iter([0.25, 0.5])
    history = train(
        objective,
        batches,
        optimisers(layer, 0.1),
        2,
        evaluate=lambda: {"accuracy": next(accuracy)},
        progress=False,
    )
    assert history["loss"] == [2.0, 5.5]
    assert history["seen"] == [3.0, 3.0]
    assert history["accuracy"] == [0.25, 0.5]
    assert all(seconds >= 0 for seconds in history["cpu_seconds"])
    with pytest.raises(KeyError, match="'nothing' was not recorded"):
        history["nothing"]


def test_early_stop_ends_the_run_and_gives_the_best_back():
    layer, objective, batches = numbers(*[0.0] * 20)
    scores = iter([0.1, 0.5, 0.4, 0.3, 0.9])
    weights = []

    def evaluate():
        with torch.no_grad():
            layer.weight.fill_(len(weights))
        weights.append(float(layer.weight.detach()))
        return {"accuracy": next(scores)}

    stop = EarlyStop("accuracy", 2, keep=layer)
    history = train(
        objective,
        batches,
        optimisers(layer, 0.0),
        10,
        evaluate=evaluate,
        stop=stop,
        progress=False,
    )
    assert len(history) == 4
    assert (stop.best, stop.best_epoch, stop.finished) == (0.5, 2, True)
    assert float(layer.weight.detach()) == 1.0


def test_early_stop_says_which_number_is_missing():
    with pytest.raises(KeyError, match="'accuracy' is not recorded; there is loss"):
        EarlyStop("accuracy", 1).update({"loss": 1.0})
    with pytest.raises(ValueError, match="patience"):
        EarlyStop("accuracy", 0)


def test_a_loss_that_is_no_number_stops_the_run():
    layer, objective, batches = numbers(1.0, float("nan"))
    with pytest.raises(FloatingPointError, match="nan"):
        train(objective, batches, optimisers(layer, 0.1), 1, progress=False)


def test_schedule_sees_the_share_of_the_run():
    layer, objective, batches = numbers(*[0.0] * 6)
    seen = []

    def schedule(share):
        seen.append(share)
        return 1 - share

    both = optimisers(layer, 0.2)
    train(objective, batches, both, 3, schedule=schedule, progress=False)
    assert seen == pytest.approx([k / 6 for k in range(6)])
    assert both.members[0].param_groups[0]["lr"] == pytest.approx(0.2 / 6)


def test_a_running_baseline_can_be_part_of_a_checkpointed_objective():
    # estimators keep their state in themselves: a fresh one is a fresh run
    estimator = ScoreFunction(RunningMean())
    run = Run()
    for batch in run.batches:
        q = run.model.posterior(*batch[:2])
        estimator(q, lambda z: run.model.log_likelihood(*batch[:2], z, batch.label))  # noqa: B023
    estimator.reset()
    q = run.model.posterior(*batch[:2])
    torch.manual_seed(1)
    first = estimator(q, lambda z: run.model.log_likelihood(*batch[:2], z, batch.label))
    torch.manual_seed(1)
    plain = ScoreFunction()(q, lambda z: run.model.log_likelihood(*batch[:2], z, batch.label))
    assert torch.equal(first, plain)
