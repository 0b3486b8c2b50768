"""Word vectors made in seconds from the text at hand."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vilib.datasets import Corpus

__all__ = ["embedding", "word_vectors"]

# flattens the context distribution, so that a rare context is less of a surprise
SMOOTHING = 0.75
# extra directions of the randomised decomposition, which make the wanted ones exact enough
EXTRA = 10


def word_vectors(
    corpus: Corpus,
    num_words: int,
    *,
    size: int = 100,
    window: int = 10,
    num_iterations: int = 2,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Vectors of unit length; their inner products tell how much two words attract each other.

    The attraction is the positive pointwise mutual information of a word w and a context word c,
    counted over pairs at most `window` words apart in a sentence:

        M[w, c] = max(0, log p(w, c) / (p(w) p̃(c))),   p̃(c) ∝ count(c)^¾

    A randomised decomposition M ≈ U Σ Vᵀ keeps its `size` strongest directions; word w gets row w
    of U Σ^½, scaled to length 1. Padding (number 0) gets zeros. Labels are not looked at.

    Args:
        corpus: The training split.
        num_words: V, the size of the vocabulary.
        size: Length of a vector.
        window: How far apart a pair may stand.
        num_iterations: Power iterations of the decomposition.
        generator: Source of the random start; None takes one with seed 0, so that the same text
            gives the same vectors.

    Returns:
        Tensor: `[V, size]` float32.

    Source: O. Levy and Y. Goldberg, 2014, Neural Word Embedding as Implicit Matrix Factorization,
    https://proceedings.neurips.cc/paper/2014/hash/feab05aa91085b7a8012516bc3533958-Abstract.html;
    O. Levy, Y. Goldberg and I. Dagan, 2015, Improving Distributional Similarity with Lessons
    Learned from Word Embeddings, https://aclanthology.org/Q15-1016; N. Halko, P.-G. Martinsson and
    J. Tropp, 2011, Finding Structure with Randomness, https://arxiv.org/abs/0909.4061

    Example:
        >>> from vilib.datasets import Vocabulary, treebank
        >>> train = treebank("train")
        >>> vocabulary = Vocabulary.build(train)
        >>> vectors = word_vectors(train.encode(vocabulary), len(vocabulary), size=20)
        >>> nearness = vectors @ vectors[vocabulary.encode(["good"])[0]]
        >>> vectors.shape[1], bool(nearness[vocabulary.encode(["bad"])[0]] > nearness.mean())
        (20, True)
    """
    generator = generator or torch.Generator().manual_seed(0)
    size_found = min(size, num_words)
    attraction = positive_pmi(corpus, num_words, window)
    start = torch.randn(num_words, min(size + EXTRA, num_words), generator=generator)
    left, strength = strongest_directions(attraction, start, num_iterations)
    vectors = (left * strength.sqrt())[:, :size_found]
    vectors = nn.functional.pad(vectors, (0, size - size_found))
    vectors = vectors / vectors.norm(dim=1, keepdim=True).clamp_min(1e-6)
    vectors[0] = 0
    return vectors


def pair_counts(corpus: Corpus, num_words: int, window: int) -> tuple[Tensor, Tensor]:
    """Pairs w·V + c that occur, in order, and how often, both `[P]`."""
    sentence = torch.arange(len(corpus)).repeat_interleave(corpus.lengths)
    tokens, pairs = corpus.tokens, []
    for distance in range(1, window + 1):
        together = sentence[distance:] == sentence[:-distance]
        first, second = tokens[:-distance][together], tokens[distance:][together]
        pairs += [first * num_words + second, second * num_words + first]
    return torch.cat(pairs).unique(return_counts=True)


def positive_pmi(corpus: Corpus, num_words: int, window: int) -> Tensor:
    """The matrix M of `word_vectors`, sparse, `[V, V]`."""
    pairs, count = pair_counts(corpus, num_words, window)
    word, context, count = pairs // num_words, pairs % num_words, count.float()
    # the counts are symmetric: the words' totals are the contexts' totals
    total = torch.zeros(num_words).index_add(0, word, count)
    smoothed = total**SMOOTHING
    pmi = (count / (total[word] * (smoothed / smoothed.sum())[context])).log()
    kept = pmi > 0
    indices = torch.stack([word[kept], context[kept]])
    # the pairs come sorted from `unique`, so there is nothing to sort or to check
    return torch.sparse_coo_tensor(
        indices, pmi[kept], (num_words, num_words), is_coalesced=True, check_invariants=False
    )


def strongest_directions(
    matrix: Tensor, start: Tensor, num_iterations: int
) -> tuple[Tensor, Tensor]:
    """Left singular vectors `[V, k]` and values `[k]` of a sparse matrix; `start` is `[V, k]`."""
    basis = torch.linalg.qr(matrix @ start).Q
    for _ in range(num_iterations):
        basis = torch.linalg.qr(matrix @ (matrix.T @ basis)).Q
    # matrix ≈ basis basisᵀ matrix, and the small factor is decomposed exactly
    small = (matrix.T @ basis).T
    left, strength, _ = torch.linalg.svd(small, full_matrices=False)
    return basis @ left, strength


def embedding(vectors: Tensor, *, trained: bool = True) -> nn.Embedding:
    """A table of word vectors, number 0 being padding.

    A trained table gets *sparse* gradients: a batch meets a tenth of the vocabulary, and a dense
    gradient and a dense optimiser would rewrite all of it at every step.
    `vilib.training.optimisers` gives such a table to SparseAdam.

    Args:
        vectors: `[V, E]`; copied.
        trained: Whether the table is a parameter.

    Example:
        >>> table = embedding(torch.ones(3, 2))
        >>> table(torch.tensor([0, 2])).sum().backward()
        >>> table.weight.grad.is_sparse
        True
    """
    return nn.Embedding.from_pretrained(
        vectors.clone(), freeze=not trained, padding_idx=0, sparse=trained
    )
