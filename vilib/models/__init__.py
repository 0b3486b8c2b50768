"""Models of the lessons: word vectors, selectors, classifiers, and a rationale model of them."""

from vilib.models.active_units import active_units
from vilib.models.annealing import Annealed, Cooling
from vilib.models.beta_schedule import BetaSchedule
from vilib.models.classifier import BagClassifier, LSTMClassifier
from vilib.models.collapse_presets import COLLAPSE_PRESETS, CURES, CollapsePreset, Cure
from vilib.models.collapse_report import CollapseReport, report
from vilib.models.decoder import Decoder
from vilib.models.discrete_presets import DISCRETE_PRESETS, DiscretePreset
from vilib.models.discrete_vae import DiscreteVAE
from vilib.models.evaluation import Report, evaluate, majority
from vilib.models.expectation_maximisation import (
    EMRun,
    bound,
    em,
    log_smoothing,
    m_step,
    partial_e_step,
)
from vilib.models.language_model import LanguageModel
from vilib.models.matching import matched_accuracy, matched_order
from vilib.models.mixture import Mixture, one_topic, random_mixture
from vilib.models.mixture_fits import (
    MixtureEncoder,
    MixtureFit,
    amortised_gap,
    fit_amortised,
    fit_by_gradient,
)
from vilib.models.mixture_of_rnns import MixtureOfRNNs
from vilib.models.mixture_presets import MIXTURE_PRESETS, MixturePreset
from vilib.models.mutual_information import cross_log_prob, mutual_information
from vilib.models.posterior_head import GaussianHead, SphereHead
from vilib.models.presets import PRESETS, Preset
from vilib.models.published import Published, published
from vilib.models.rationale import RationaleModel
from vilib.models.recurrent import BidirectionalLSTM
from vilib.models.selection_rate import SelectionRate
from vilib.models.selections import Selection, all_words, first_words, random_words
from vilib.models.selector import BagSelector, ConvolutionSelector, LSTMSelector
from vilib.models.sentence_frame import framed
from vilib.models.sentence_vae import SentenceVAE
from vilib.models.topic_line import TopicLine
from vilib.models.vectors import embedding, word_vectors
from vilib.models.word_dropout import drop_words

__all__ = [
    "COLLAPSE_PRESETS",
    "CURES",
    "DISCRETE_PRESETS",
    "MIXTURE_PRESETS",
    "PRESETS",
    "Annealed",
    "BagClassifier",
    "BagSelector",
    "BetaSchedule",
    "BidirectionalLSTM",
    "CollapsePreset",
    "CollapseReport",
    "ConvolutionSelector",
    "Cooling",
    "Cure",
    "Decoder",
    "DiscretePreset",
    "DiscreteVAE",
    "EMRun",
    "GaussianHead",
    "LSTMClassifier",
    "LSTMSelector",
    "LanguageModel",
    "Mixture",
    "MixtureEncoder",
    "MixtureFit",
    "MixtureOfRNNs",
    "MixturePreset",
    "Preset",
    "Published",
    "RationaleModel",
    "Report",
    "Selection",
    "SelectionRate",
    "SentenceVAE",
    "SphereHead",
    "TopicLine",
    "active_units",
    "all_words",
    "amortised_gap",
    "bound",
    "cross_log_prob",
    "drop_words",
    "em",
    "embedding",
    "evaluate",
    "first_words",
    "fit_amortised",
    "fit_by_gradient",
    "framed",
    "log_smoothing",
    "m_step",
    "majority",
    "matched_accuracy",
    "matched_order",
    "mutual_information",
    "one_topic",
    "partial_e_step",
    "published",
    "random_mixture",
    "random_words",
    "report",
    "word_vectors",
]
