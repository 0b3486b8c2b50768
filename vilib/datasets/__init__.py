"""Data sets of the course. Each loader returns tensors or trees, and a record of their origin."""

from vilib.datasets.batches import Batch, Batches
from vilib.datasets.coins import Coins, coins
from vilib.datasets.corpus import Corpus
from vilib.datasets.error import DataError
from vilib.datasets.record import DatasetRecord
from vilib.datasets.sentiment import SentimentTreebank, Split
from vilib.datasets.source import available
from vilib.datasets.sst import sst
from vilib.datasets.targets import Target, targets
from vilib.datasets.treebank import treebank
from vilib.datasets.treebank_truth import TreebankTruth, label_probabilities, treebank_truth
from vilib.datasets.trees import Tree, parse_tree, parse_trees
from vilib.datasets.vocabulary import Vocabulary

__all__ = [
    "Batch",
    "Batches",
    "Coins",
    "Corpus",
    "DataError",
    "DatasetRecord",
    "SentimentTreebank",
    "Split",
    "Target",
    "Tree",
    "TreebankTruth",
    "Vocabulary",
    "available",
    "coins",
    "label_probabilities",
    "parse_tree",
    "parse_trees",
    "sst",
    "targets",
    "treebank",
    "treebank_truth",
]
