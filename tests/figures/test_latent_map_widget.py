"""The latent map's shell: tiles, sliders and menus give the state that is drawn."""

import pytest
import torch

from vilib.figures.latent_map import PlaneModel, State, describe
from vilib.models.vae import VAE
from vilib.widgets.latent_map import LatentMap, explore


@pytest.fixture
def widget():
    torch.manual_seed(1)
    x = (torch.rand(4, 9) < 0.5).float()
    plane = PlaneModel(VAE(9, 2, 8), x, torch.tensor([1, 2, -1, 3]))
    return LatentMap(State(plane), [0, 2, 3])


def shown(widget):
    assert f">{describe(widget.state)}</div>" in widget.panel.readout.value.replace("&#x27;", "'")
    return widget.state


def test_a_click_on_a_tile_moves_z_and_both_sliders(widget):
    widget.tiles[0][10].click()
    step = 6 / 11
    assert shown(widget).z == pytest.approx((3 - step / 2, 3 - step / 2))
    assert [s.value for s in widget.sliders] == pytest.approx(list(widget.state.z), abs=0.026)
    widget.tiles[5][5].click()
    assert shown(widget).z == pytest.approx((0, 0))


def test_sliders_move_z(widget):
    widget.sliders[0].value = -1.5
    widget.sliders[1].value = 0.75
    assert shown(widget).z == pytest.approx((-1.5, 0.75))


def test_a_slider_that_echoes_a_rounded_click_changes_nothing(widget):
    widget.tiles[0][0].click()
    z = widget.state.z
    # a front end sends the value back rounded to the slider's step
    widget.sliders[0].value = round(z[0] / 0.05) * 0.05
    assert widget.state.z == z


def test_menus(widget):
    widget.picture.value = 2
    widget.whose.value = True
    state = shown(widget)
    assert (state.picture, state.refined) == (2, True)
    assert [words for words, _ in widget.picture.options] == [
        "sheet 1 (a 1)",
        "sheet 3",
        "sheet 4 (a 3)",
    ]


def test_without_a_front_end_it_is_a_strip_with_its_text(widget, capsys):
    explore(widget.state.plane)
    out = capsys.readouterr().out
    assert out.count("= log p(x)") == 3
    assert "refined for this sheet" in out
