"""Maps from scores to sparse distributions: like softmax, but most probabilities are exactly zero.

What cannot be enumerated under a softmax can be summed exactly under these maps, because only the
support counts. Rows are independent; gradients flow to the scores.

Example: three scores, two survivors.
    >>> import torch
    >>> from vilib import sparse
    >>> sparse.sparsemax(torch.tensor([1.0, 0.5, -1.0]))
    tensor([0.7500, 0.2500, 0.0000])
"""

from vilib.sparse.entmax import entmax
from vilib.sparse.k_best import KBest, k_best
from vilib.sparse.sparsemap import SparseMAP, sparsemap
from vilib.sparse.sparsemax import sparsemax
from vilib.sparse.spigot import spigot
from vilib.sparse.top_k_sparsemax import is_exact, top_k_sparsemax

__all__ = [
    "KBest",
    "SparseMAP",
    "entmax",
    "is_exact",
    "k_best",
    "sparsemap",
    "sparsemax",
    "spigot",
    "top_k_sparsemax",
]
