"""IDX files, the format of MNIST: a magic number, the sizes, then one byte per number."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from vilib.datasets.error import DataError
from vilib.datasets.unpack import DAMAGE, OPEN, kind, reason

__all__ = ["parse_idx", "read_binary"]

UNSIGNED_BYTES = 8
HEADER = 4


def parse_idx(content: bytes, shape: tuple[int | None, ...], shown: str = "idx") -> np.ndarray:
    """The array of an IDX file of unsigned bytes.

    Bytes 0 and 1 are 0, byte 2 is the type (8: unsigned bytes), byte 3 the number of dimensions;
    then come the sizes, four bytes each with the largest first, and the numbers.

    Args:
        content: The whole file, unpacked.
        shape: The sizes that are expected; None where any will do.
        shown: Its name in errors.

    Returns:
        uint8 array; a view of the content.

    Raises:
        DataError: Another magic number, other sizes, or too few or too many bytes; the message
            names the offset.

    Source: Y. LeCun, C. Cortes and C. J. C. Burges, The MNIST Database,
        http://yann.lecun.com/exdb/mnist/

    Example: two labels.
        >>> parse_idx(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 3]), (None,))
        array([7, 3], dtype=uint8)
        >>> parse_idx(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7]), (None,), "labels")
        Traceback (most recent call last):
        vilib.datasets.error.DataError: labels: truncated at offset 9, expected 10 bytes: ...
    """
    magic, start = bytes([0, 0, UNSIGNED_BYTES, len(shape)]), HEADER * (1 + len(shape))
    if content[:HEADER] != magic[: len(content)]:
        found = content[:HEADER].hex()
        raise DataError(shown, f"magic number {found} at offset 0, expected {magic.hex()}")
    if len(content) < start:
        raise DataError(shown, f"truncated at offset {len(content)}, expected {start} of header")
    sizes = tuple(np.frombuffer(content, ">u4", len(shape), HEADER).tolist())
    for place, (size, wanted) in enumerate(zip(sizes, shape, strict=True), start=1):
        if wanted is not None and size != wanted:
            raise DataError(shown, f"size {size} at offset {HEADER * place}, expected {wanted}")
    whole = start + math.prod(sizes)
    by = f"{start} of header and {' x '.join(map(str, sizes))} numbers"
    if len(content) < whole:
        raise DataError(
            shown, f"truncated at offset {len(content):,}, expected {whole:,} bytes: {by}"
        )
    if len(content) > whole:
        more = len(content) - whole
        raise DataError(shown, f"{more:,} bytes too many at offset {whole:,}, after {by}")
    return np.frombuffer(content, np.uint8, offset=start).reshape(sizes)


def read_binary(path: Path, shown: str) -> bytes:
    """The content of a plain, .gz or .xz file without lines.

    Raises:
        DataError: It cannot be read or is truncated; the message names the offset, unpacked, up to
            which it was good.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "labels.gz"
        >>> _ = path.write_bytes(b"no gzip")
        >>> read_binary(path, "labels.gz")
        Traceback (most recent call last):
        vilib.datasets.error.DataError: labels.gz: Not a gzipped file (b'no') at offset 0, ...
    """
    content = bytearray()
    try:
        with OPEN.get(path.suffix, open)(path, "rb") as stream:
            while piece := stream.read(1 << 16):
                content += piece
    except DAMAGE as error:
        said = f"{reason(error)} at offset {len(content):,}, expected a whole {kind(path)} file"
        raise DataError(shown, said) from error
    return bytes(content)
