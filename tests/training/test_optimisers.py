"""Sparse and dense Adam side by side."""

import torch

from vilib.models import BagClassifier, BagSelector, RationaleModel, embedding
from vilib.training import optimisers


def test_every_parameter_has_one_optimiser_and_its_own_rate():
    table = embedding(torch.randn(7, 4))
    model = RationaleModel(BagSelector(table, 3), BagClassifier(table, 3))
    both = optimisers(model, 0.1, table_rate=0.2, selector_rate=0.3)
    groups = [group for member in both.members for group in member.param_groups]
    owned = {id(p): group["lr"] for group in groups for p in group["params"]}
    assert len(owned) == len(list(model.parameters()))
    assert owned[id(table.weight)] == 0.2
    assert all(owned[id(p)] == 0.1 for p in model.classifier.head.parameters())
    assert all(owned[id(p)] == 0.3 for p in model.selector.head.parameters())


def test_a_frozen_table_is_left_alone():
    table = embedding(torch.randn(7, 4), trained=False)
    both = optimisers(BagClassifier(table), 0.1)
    assert [type(m).__name__ for m in both.members] == ["Adam"]


def test_only_the_rows_of_the_batch_move():
    table = embedding(torch.randn(7, 4))
    classifier = BagClassifier(table, dropout=0.0)
    both, before = optimisers(classifier, 0.1), table.weight.detach().clone()
    tokens = torch.tensor([[2, 5, 0]])
    classifier(tokens, tokens > 0).logsumexp(-1).sum().backward()
    both.step()
    moved = (table.weight.detach() != before).any(1)
    assert moved.tolist() == [False, False, True, False, False, True, False]


def test_rows_move_as_a_dense_adam_would_move_them_first():
    # in its first step Adam moves by the learning rate, up to the sign
    table = embedding(torch.randn(7, 4))
    classifier = BagClassifier(table, dropout=0.0)
    both, before = optimisers(classifier, 0.1), table.weight.detach().clone()
    tokens = torch.tensor([[3]])
    classifier(tokens, tokens > 0)[0, 0].backward()
    both.step()
    step = (table.weight.detach() - before)[3].abs()
    torch.testing.assert_close(step, torch.full((4,), 0.1), rtol=1e-3, atol=0)
