"""Data sets of the course. Each loader returns tensors or trees, and a record of their origin."""

from vilib.datasets.bags import Bags, BagSplit
from vilib.datasets.batches import Batch, Batches
from vilib.datasets.bbc_news import bbc_news
from vilib.datasets.binarized_mnist import binarized_mnist
from vilib.datasets.coins import Coins, coins
from vilib.datasets.corpus import Corpus
from vilib.datasets.digits import digits
from vilib.datasets.energies import Energy, energies
from vilib.datasets.error import DataError
from vilib.datasets.images import Images, ImageSplit, binarise
from vilib.datasets.language import language
from vilib.datasets.language_facts import sentence_facts
from vilib.datasets.language_grammar import topic_of
from vilib.datasets.language_truth import language_entropy, language_log_prob
from vilib.datasets.mnist import fashion_mnist, mnist
from vilib.datasets.old_faithful import OldFaithful, old_faithful
from vilib.datasets.omniglot import omniglot
from vilib.datasets.ptb import ptb
from vilib.datasets.record import DatasetRecord
from vilib.datasets.sentence_bags import sentence_bags
from vilib.datasets.sentiment import SentimentTreebank, Split
from vilib.datasets.source import available
from vilib.datasets.sst import sst
from vilib.datasets.stretches import Stretches
from vilib.datasets.targets import Target, targets
from vilib.datasets.text import BOS, EOS, PAD, UNK, Text, encode_text, text_vocabulary
from vilib.datasets.topics import topics
from vilib.datasets.topics_truth import topics_entropy, topics_truth
from vilib.datasets.treebank import treebank
from vilib.datasets.treebank_truth import TreebankTruth, label_probabilities, treebank_truth
from vilib.datasets.trees import Tree, parse_tree, parse_trees
from vilib.datasets.vocabulary import Vocabulary
from vilib.datasets.yahoo import yahoo

__all__ = [
    "BOS",
    "EOS",
    "PAD",
    "UNK",
    "BagSplit",
    "Bags",
    "Batch",
    "Batches",
    "Coins",
    "Corpus",
    "DataError",
    "DatasetRecord",
    "Energy",
    "ImageSplit",
    "Images",
    "OldFaithful",
    "SentimentTreebank",
    "Split",
    "Stretches",
    "Target",
    "Text",
    "Tree",
    "TreebankTruth",
    "Vocabulary",
    "available",
    "bbc_news",
    "binarise",
    "binarized_mnist",
    "coins",
    "digits",
    "encode_text",
    "energies",
    "fashion_mnist",
    "label_probabilities",
    "language",
    "language_entropy",
    "language_log_prob",
    "mnist",
    "old_faithful",
    "omniglot",
    "parse_tree",
    "parse_trees",
    "ptb",
    "sentence_bags",
    "sentence_facts",
    "sst",
    "targets",
    "text_vocabulary",
    "topic_of",
    "topics",
    "topics_entropy",
    "topics_truth",
    "treebank",
    "treebank_truth",
    "yahoo",
]
