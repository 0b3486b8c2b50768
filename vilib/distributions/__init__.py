"""Distributions that torch lacks, each a `torch.distributions.Distribution`.

Several are mixed: some values have mass, others density. Each class says in one line, `Measure:`,
what its `log_prob` is a logarithm of. Closed divergences are registered with torch, see
`vilib.distributions.kl`.
"""

from vilib.distributions import kl  # noqa: F401 - registers the divergences
from vilib.distributions.atoms import Atoms
from vilib.distributions.binary_concrete import BinaryConcrete
from vilib.distributions.bits import Bits
from vilib.distributions.gaussian_sparsemax import GaussianSparsemax
from vilib.distributions.hard_concrete import HardConcrete
from vilib.distributions.hard_kumaraswamy import HardKumaraswamy
from vilib.distributions.hyperspherical_uniform import HypersphericalUniform
from vilib.distributions.kumaraswamy import Kumaraswamy
from vilib.distributions.mixed_dirichlet import MixedDirichlet
from vilib.distributions.rectified_gaussian import RectifiedGaussian
from vilib.distributions.sparse_categorical import SparseCategorical, SparseOneHotCategorical
from vilib.distributions.spike_and_slab import SpikeAndSlab
from vilib.distributions.stretched import Stretched
from vilib.distributions.top_k_sparsemax import TopKSparsemax
from vilib.distributions.von_mises_fisher import VonMisesFisher

__all__ = [
    "Atoms",
    "BinaryConcrete",
    "Bits",
    "GaussianSparsemax",
    "HardConcrete",
    "HardKumaraswamy",
    "HypersphericalUniform",
    "Kumaraswamy",
    "MixedDirichlet",
    "RectifiedGaussian",
    "SparseCategorical",
    "SparseOneHotCategorical",
    "SpikeAndSlab",
    "Stretched",
    "TopKSparsemax",
    "VonMisesFisher",
]
