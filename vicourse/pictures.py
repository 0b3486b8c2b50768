"""The pictures of README and site, drawn by the course's own figures.

    python -m vicourse.pictures

writes docs/images/gap-meter.png and its dark twin. Same state, same versions, same bytes.
"""

from __future__ import annotations

from pathlib import Path

from vilib.datasets import targets
from vilib.figures import gap_meter, small_png
from vilib.figures.style import Style

__all__ = ["PICTURES", "gap_meter_png", "write"]

# file name → style
PICTURES: dict[str, Style] = {"gap-meter.png": "light", "gap-meter-dark.png": "dark"}


def gap_meter_png(style: Style = "light") -> bytes:
    """The gap meter before two hills, with a q that has found one of them but half.

    Example:
        >>> gap_meter_png()[1:4]
        b'PNG'
    """
    state = gap_meter.State(targets()["bimodal"], mean=-1.2, scale=0.9)
    return small_png(gap_meter.draw(state, style), dpi=160)


def write(folder: Path) -> list[Path]:
    """Write all pictures into a folder, which is made if need be; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, style in PICTURES.items():
        paths.append(folder / name)
        paths[-1].write_bytes(gap_meter_png(style))
    return paths


if __name__ == "__main__":
    for path in write(Path(__file__).parent.parent / "docs" / "images"):
        print(f"{path.name}: {path.stat().st_size / 1024:.0f} KB")
