"""The highlighter: the same ELBO as adding up all masks by hand, and a legible sentence."""

import math
import time
from itertools import product

import pytest
import torch
from torch.distributions import Bernoulli, Independent

from tests.figures.layout import faults, texts
from vilib.figures.highlighter import Sentence, annotate, describe, draw
from vilib.figures.png import to_png

NAMES = ("down", "up")


def split(text):
    """A sentence as its words."""
    return text.split()


SHORT = split("not a good film")
ODD = split("$ 5 _ for ^ `` nothing '' -- \\frac { 1")
LONG = split(
    "The Rock is destined to be the 21st Century 's new Conan and that he 's going to make a "
    "splash even greater than Arnold Schwarzenegger , Jean-Claud Van Damme or Steven Segal ."
)


class Model:
    """Each word has a score for being read, and one for each class."""

    def __init__(self, num_words, num_classes, rate=0.2, sure=False):
        generator = torch.Generator().manual_seed(num_words)
        shape = {"generator": generator, "dtype": torch.double}
        self.read = torch.randn(num_words, **shape) * (40 if sure else 1.5)
        self.votes = torch.randn(num_words, num_classes, **shape)
        self.prior_rate = rate

    def posterior(self, tokens, mask):
        assert mask.all()
        return Independent(Bernoulli(logits=self.read[tokens]), 1)

    def classify(self, tokens, mask, z):
        return z @ self.votes[tokens[0]]

    def log_likelihood(self, tokens, mask, z, label):
        return self.classify(tokens, mask, z).log_softmax(-1)[..., label].diagonal(dim1=1, dim2=2)


def sentence(words, label=1):
    return Sentence(words, torch.arange(len(words)), label)


def by_hand(model, words, forced, label):
    """E[log p(y|x,z)], E[p(y|x,z)] and the KL, in plain numbers, mask by mask."""
    q = [
        float(f) if f is not None else 1 / (1 + math.exp(-a))
        for f, a in zip(forced, model.read.tolist())
    ]
    likelihood, classes = 0.0, [0.0] * model.votes.shape[1]
    for mask in product([0, 1], repeat=len(words)):
        weight = math.prod(p if z else 1 - p for p, z in zip(q, mask))
        scores = [sum(z * v for z, v in zip(mask, column)) for column in model.votes.T.tolist()]
        total = math.log(sum(map(math.exp, scores)))
        likelihood += weight * (scores[label] - total)
        classes = [c + weight * math.exp(s - total) for c, s in zip(classes, scores)]
    kl = 0.0
    for p in q:
        for mass, prior in ((p, model.prior_rate), (1 - p, 1 - model.prior_rate)):
            kl += mass * math.log(mass / prior) if mass > 0 else 0.0
    return likelihood, classes, kl


@pytest.mark.parametrize("forced", list(product([None, True, False], repeat=4)))
def test_every_choice_of_forced_words_is_exact(forced):
    model = Model(4, 2)
    state = annotate(model, sentence(SHORT), forced, NAMES)
    likelihood, classes, kl = by_hand(model, SHORT, forced, 1)
    assert state.log_likelihood == pytest.approx(likelihood, abs=1e-10)
    assert state.class_probabilities == pytest.approx(classes, abs=1e-10)
    assert state.rate == pytest.approx(kl, abs=1e-10)
    assert state.elbo == pytest.approx(likelihood - kl, abs=1e-10)
    assert state.standard_error == 0
    assert list(faults(draw(state))) == []


def test_twelve_words_are_summed_and_thirteen_are_drawn():
    words = LONG[:13]
    model = Model(13, 2)
    likelihood, classes, _ = by_hand(model, words, (None,) * 13, 1)
    drawn = annotate(model, sentence(words), class_names=NAMES)
    assert drawn.standard_error > 0
    assert abs(drawn.log_likelihood - likelihood) < 4 * drawn.standard_error
    assert drawn.class_probabilities == pytest.approx(classes, abs=0.08)
    assert drawn == annotate(model, sentence(words), class_names=NAMES)
    forced = (True, *(None,) * 12)
    summed = annotate(model, sentence(words), forced, NAMES)
    assert summed.standard_error == 0
    assert summed.log_likelihood == pytest.approx(by_hand(model, words, forced, 1)[0], abs=1e-10)


def test_price_of_a_word_is_what_forcing_it_adds_to_the_kl():
    model = Model(4, 2)
    off, on = (annotate(model, sentence(SHORT), (f, *[False] * 3), NAMES) for f in (False, True))
    # from "surely off", whose KL is −log(1 − rate), to "surely on"
    assert on.rate - off.rate == pytest.approx(on.price + math.log(1 - model.prior_rate))
    assert on.price == pytest.approx(-math.log(0.2))


@pytest.mark.parametrize("words", [["yes"], SHORT, ODD, LONG], ids=["one", "short", "odd", "long"])
@pytest.mark.parametrize("forced", [None, True, False, "mixed"])
@pytest.mark.parametrize("sure", [False, True])
def test_picture_is_legible(words, forced, sure):
    T = len(words)
    choice = [(None, True, False)[i % 3] for i in range(T)] if forced == "mixed" else [forced] * T
    state = annotate(Model(T, 5, sure=sure), sentence(words, T % 5), choice)
    figure = draw(state, "dark" if sure else "light")
    assert list(faults(figure)) == []
    shown = [words for words, _ in texts(figure)]
    assert all(word in shown for word in words)
    assert sum(f"{p:.2f}" in " ".join(shown) for p in state.class_probabilities) == 5


@pytest.mark.parametrize("gold", range(5))
def test_the_gold_class_is_named_even_when_it_is_certain(gold):
    model = Model(2, 5)
    model.votes[:, gold] += 60
    figure = draw(annotate(model, sentence(["very", "sure"], gold), [True, True]))
    assert list(faults(figure)) == []
    assert "1.00  ◀ gold" in [words for words, _ in texts(figure)]


def test_strokes_are_as_thick_as_q():
    state = annotate(Model(len(LONG), 5), sentence(LONG))
    (words, *_) = draw(state).axes
    (strokes,) = [c for c in words.collections if c.get_gid() == "strokes"]
    thick = [path.vertices[:, 1].max() - path.vertices[:, 1].min() for path in strokes.get_paths()]
    assert thick == pytest.approx([0.12 * q for q in state.probabilities])


def test_read_out_adds_up_and_names_what_is_selected():
    model = Model(4, 2)
    text = describe(annotate(model, sentence(SHORT), (True, None, False, None), NAMES))
    elbo, likelihood, kl = (
        float(text.split(key)[1].split()[0].replace("−", "-"))
        for key in ("ELBO ", "log-likelihood ", "KL ")
    )
    assert elbo == pytest.approx(likelihood - kl, abs=1e-9)
    exact = by_hand(model, SHORT, (True, None, False, None), 1)
    assert likelihood == pytest.approx(exact[0], abs=0.0051)
    assert kl == pytest.approx(exact[2], abs=0.0051)
    assert "not on" in text
    assert "good off" in text


def test_a_network_in_single_precision_is_served():
    model = Model(4, 2)
    model.read, model.votes = model.read.float(), model.votes.float()
    state = annotate(model, sentence(SHORT), class_names=NAMES)
    assert state.log_likelihood == pytest.approx(by_hand(model, SHORT, (None,) * 4, 1)[0], abs=1e-5)


def test_the_callers_random_state_is_left_alone():
    before = torch.random.get_rng_state()
    annotate(Model(len(LONG), 5), sentence(LONG))
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_choice_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="forced has 1 entries for 4 words"):
        annotate(Model(4, 2), sentence(SHORT), [None], NAMES)
    with pytest.raises(ValueError, match="class_names must name every"):
        annotate(Model(4, 2), sentence(SHORT))


def test_a_click_is_answered_quickly():
    words = LONG[:12]
    spent = []
    for _ in range(6):
        start = time.process_time()
        to_png(draw(annotate(Model(12, 5), sentence(words))))
        spent.append(time.process_time() - start)
    assert min(spent) <= 0.15
