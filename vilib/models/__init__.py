"""Models of the lessons: word vectors, selectors, classifiers, and a rationale model of them."""

from vilib.models.classifier import BagClassifier, LSTMClassifier
from vilib.models.evaluation import Report, evaluate, majority
from vilib.models.presets import PRESETS, Preset
from vilib.models.rationale import RationaleModel
from vilib.models.recurrent import BidirectionalLSTM
from vilib.models.selection_rate import SelectionRate
from vilib.models.selections import Selection, all_words, first_words, random_words
from vilib.models.selector import BagSelector, ConvolutionSelector, LSTMSelector
from vilib.models.vectors import embedding, word_vectors

__all__ = [
    "PRESETS",
    "BagClassifier",
    "BagSelector",
    "BidirectionalLSTM",
    "ConvolutionSelector",
    "LSTMClassifier",
    "LSTMSelector",
    "Preset",
    "RationaleModel",
    "Report",
    "Selection",
    "SelectionRate",
    "all_words",
    "embedding",
    "evaluate",
    "first_words",
    "majority",
    "random_words",
    "word_vectors",
]
