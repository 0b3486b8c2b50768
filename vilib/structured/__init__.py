"""Models with structure: hidden Markov models, exactly, and factorial ones, exactly and by bounds.

Axes: S samples, B sequences, T positions, K states, L chains. Every algorithm takes an `HMM`, whose
scores may come from any network; sequences may have different lengths, and -inf forbids.

Example: three noisy observations of a state that tends to stay.
    >>> import torch
    >>> from vilib.structured import HMM, forward, marginals, viterbi
    >>> start, stay = torch.tensor([0.5, 0.5]), torch.tensor([[0.9, 0.1], [0.1, 0.9]])
    >>> seen = torch.tensor([[[0.8, 0.2], [0.4, 0.6], [0.8, 0.2]]])  # B = 1, T = 3, K = 2
    >>> hmm = HMM(start.log(), stay.log(), seen.log())
    >>> forward(hmm).exp(), marginals(hmm)[0, :, 0], viterbi(hmm)[0]
    (tensor([0.1298]), tensor([0.8690, 0.8438, 0.8690]), tensor([[0, 0, 0]]))
"""

from vilib.structured.backprop import Counts, counts_by_backprop
from vilib.structured.em import SymbolHMM, em_step
from vilib.structured.factorial import FactorialHMM, factorial_forward, product_chain
from vilib.structured.factorial_emission import AdditiveGaussian, Emission, EmissionTable
from vilib.structured.factorial_mean_field import MeanField, mean_field, structured_mean_field
from vilib.structured.filtering import filtering
from vilib.structured.forward import forward
from vilib.structured.forward_log import forward_log
from vilib.structured.hmm import HMM
from vilib.structured.marginals import expected_counts, marginals, pair_marginals
from vilib.structured.posterior import HMMPosterior
from vilib.structured.posterior_sampling import sample_posterior
from vilib.structured.viterbi import viterbi

__all__ = [
    "HMM",
    "AdditiveGaussian",
    "Counts",
    "Emission",
    "EmissionTable",
    "FactorialHMM",
    "HMMPosterior",
    "MeanField",
    "SymbolHMM",
    "counts_by_backprop",
    "em_step",
    "expected_counts",
    "factorial_forward",
    "filtering",
    "forward",
    "forward_log",
    "marginals",
    "mean_field",
    "pair_marginals",
    "product_chain",
    "sample_posterior",
    "structured_mean_field",
    "viterbi",
]
