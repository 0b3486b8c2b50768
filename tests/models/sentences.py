"""Small sentences and models that the tests of this folder share."""

import torch

from vilib.models import (
    BagClassifier,
    BagSelector,
    ConvolutionSelector,
    LSTMClassifier,
    LSTMSelector,
    RationaleModel,
    embedding,
)

SELECTORS = {
    "bag": BagSelector,
    "linear": lambda table: BagSelector(table, hidden=0),
    "convolution": lambda table: ConvolutionSelector(table, hidden=6, width=5),
    "lstm": lambda table: LSTMSelector(table, hidden=4),
}
CLASSIFIERS = {
    "bag": BagClassifier,
    "linear": lambda table: BagClassifier(table, hidden=0),
    "lstm": lambda table: LSTMClassifier(table, hidden=4),
}
V, E = 9, 6

# lengths 4, 2, 1
TOKENS = torch.tensor([[3, 8, 1, 5], [2, 7, 0, 0], [6, 0, 0, 0]])
MASK = TOKENS > 0
LABEL = torch.tensor([4, 0, 2])


def table():
    """Random word vectors, float64; padding is not zero here, so that nothing leans on it."""
    layer = embedding(torch.randn(V, E, dtype=torch.double))
    with torch.no_grad():
        layer.weight[0] = torch.randn(E)
    return layer


def model(selector="convolution", classifier="bag", prior_rate=0.3):
    """A small rationale model without dropout, float64."""
    shared = table()
    parts = SELECTORS[selector](shared), CLASSIFIERS[classifier](shared)
    return RationaleModel(*parts, prior_rate).double().eval()
