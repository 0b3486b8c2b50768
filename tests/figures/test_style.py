"""Colours that stay apart in grey and for those who see few, and settings left as they were."""

from itertools import combinations

import matplotlib
import numpy as np
import pytest

from vilib.figures.style import look, palette

ROLES = ("truth", "guess", "elbo", "gap")
STYLES = ("light", "dark")

# G. Machado, M. Oliveira and L. Fernandes, 2009, A Physiologically-based Model for Simulation of
# Color Vision Deficiency, https://doi.org/10.1109/TVCG.2009.113, severity 1, on linear sRGB
DEFICIENCIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour):
    """#rrggbb as linear sRGB."""
    c = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lightness(rgb):
    """CIE L*, 0 to 100, of linear sRGB."""
    y = max(float(rgb @ [0.2126, 0.7152, 0.0722]), 0.0)
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def contrast(one, other):
    """WCAG contrast ratio, 1 to 21."""
    low, high = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("pair", list(combinations(ROLES, 2)), ids="-".join)
def test_roles_differ_in_lightness(style, pair):
    one, other = (linear(getattr(palette(style), role)) for role in pair)
    assert abs(lightness(one) - lightness(other)) >= 12
    for matrix in DEFICIENCIES.values():
        seen = [np.clip(np.array(matrix) @ rgb, 0, 1) for rgb in (one, other)]
        assert abs(lightness(seen[0]) - lightness(seen[1])) >= 8


@pytest.mark.parametrize("style", STYLES)
def test_text_and_lines_stand_out_from_the_paper(style):
    colours = palette(style)
    assert contrast(colours.ink, colours.paper) >= 7
    assert contrast(colours.muted, colours.paper) >= 4.5
    for role in ("truth", "guess", "elbo"):
        assert contrast(getattr(colours, role), colours.paper) >= 3
    # the KL is an area with an outline and a hatch in ink
    assert contrast(colours.ink, colours.gap) >= 4.5


def test_lightness_and_contrast_are_those_of_the_standards():
    assert lightness(linear("#ffffff")) == pytest.approx(100, abs=1e-3)
    assert lightness(linear("#777777")) == pytest.approx(50.03, abs=0.05)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def drawing_that_fails(style):
    with look(style):
        assert matplotlib.rcParams["axes.titleweight"] == "bold"
        raise RuntimeError("on purpose")


@pytest.mark.parametrize("style", STYLES)
def test_settings_are_put_back_even_after_an_error(style):
    before = dict(matplotlib.rcParams)
    with pytest.raises(RuntimeError, match="on purpose"):
        drawing_that_fails(style)
    assert dict(matplotlib.rcParams) == before


def test_a_callers_settings_do_not_leak_in():
    with matplotlib.rc_context({"lines.linewidth": 99.0, "axes.grid": True}), look("light"):
        assert matplotlib.rcParams["axes.grid"] is False
        assert matplotlib.rcParams["lines.linewidth"] == 2.2


def test_an_unknown_style_is_refused():
    with pytest.raises(ValueError, match="'light' or 'dark', got 'blue'"):
        palette("blue")
