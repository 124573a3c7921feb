"""Moving a control redraws the picture and the sentence; a fault is shown and raised."""

import re

import ipywidgets
import pytest

from mmlib.course.widgets import draw_plan, draw_row, explorer, static_row
from mmlib.plots import make_axes, to_png


def draw(power=2, shape="line", grid=False):
    if power == 4:
        raise RuntimeError("no <fourth> power")
    fig, ax = make_axes(width=3, height=2)
    ax.plot([0, 1, 2], [0, 1, 2**power], "-" if shape == "line" else "o")
    ax.grid(grid)
    return fig, f"2 to the power {power} is {2**power}, as <{shape}>."


@pytest.fixture
def box():
    return explorer(draw, power=(1, 5), shape=["line", "dots"], grid=False)


def test_controls_start_at_the_defaults_of_the_function(box):
    assert {name: c.value for name, c in box.controls.items()} == {
        "power": 2,
        "shape": "line",
        "grid": False,
    }
    assert "mm-widget" in box._dom_classes
    kinds = [type(control) for control in box.controls.values()]
    assert kinds == [ipywidgets.IntSlider, ipywidgets.Dropdown, ipywidgets.Checkbox]


def test_first_drawing_is_what_the_function_gives(box):
    fig, sentence = draw()
    assert box.picture.value == to_png(fig) and box.sentence == sentence
    assert "2 to the power 2 is 4, as &lt;line&gt;." in box.text.value


@pytest.mark.parametrize("name, value", [("power", 3), ("shape", "dots"), ("grid", True)])
def test_moving_a_control_redraws_the_picture_and_the_sentence(box, name, value):
    box.controls[name].value = value
    fig, sentence = draw(**{name: value})
    assert box.picture.value == to_png(fig) and box.sentence == sentence


def test_a_fault_is_shown_in_place_of_the_sentence_raised_and_gone_afterwards(box):
    with pytest.raises(RuntimeError, match="fourth"):
        box.controls["power"].value = 4
    assert 'role="alert"' in box.text.value
    assert "RuntimeError: no &lt;fourth&gt; power" in box.text.value
    box.controls["power"].value = 3
    assert "alert" not in box.text.value and "is 8" in box.text.value


def test_a_fault_at_the_first_drawing_is_raised():
    with pytest.raises(RuntimeError, match="fourth"):
        explorer(lambda power=4: draw(power), power=(1, 5))


def test_the_page_without_a_kernel_reads_the_first_sentence(box):
    bundle = box._repr_mimebundle_()
    assert bundle["text/plain"] == (
        "[Run this cell for controls: power, shape, grid.] 2 to the power 2 is 4, as <line>."
    )
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_every_part_can_be_read_aloud(box):
    assert [c.description for c in box.controls.values()] == ["power", "shape", "grid"]
    assert box.picture.tooltip is None  # JupyterLab cannot show an Image that has one
    assert 'aria-live="polite"' in box.text.value


@pytest.mark.parametrize(
    "controls, said",
    [
        ({}, "needs a control"),
        ({"color": (0, 1)}, "no parameter 'color': power, shape, grid"),
        ({"power": 3}, "control of 'power' is 3"),
    ],
    ids=["none", "unknown", "no range"],
)
def test_controls_that_make_no_sense_are_refused(controls, said):
    with pytest.raises(ValueError, match=said):
        explorer(draw, **controls)


def test_sliders_of_any_sort():
    box = explorer(lambda a=0.5, b=2: draw(b), a=(0.0, 2.0, 0.5), b=(0, 3))
    a, b = box.controls.values()
    assert (type(a), a.step, a.value) == (ipywidgets.FloatSlider, 0.5, 0.5)
    assert (type(b), b.step, b.max) == (ipywidgets.IntSlider, 1, 3)
    own = ipywidgets.IntText(value=3)
    assert explorer(draw, power=own).controls["power"] is own


def test_a_static_row_shows_each_setting_with_its_sentence(monkeypatch):
    settings = [{"power": 1}, {"power": 2}, {"power": 3, "shape": "dots"}]
    fig, text = draw_row(draw, settings)
    titles = [ax.get_title() for ax in fig.axes]
    assert titles == ["power: 1", "power: 2", "power: 3, shape: dots", ""]  # no code in a figure
    assert draw_row(draw, [{"grid": True}])[0].axes[0].get_title() == "with grid"
    for values in settings:
        assert draw(**values)[1] in text
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda d, **kw: shown.append(d))
    static_row(draw, settings)
    assert shown[0]["text/plain"] == text


def test_the_planner_speaks_of_plants_and_leaves():
    fig, sentence = draw_plan(30, 5, gain=0.08)
    assert "plants of 5 leaves; 30 plants show it in" in sentence and "sample" not in sentence
    assert "plants of 1 leaf" not in draw_plan(30, 1)[1] and "30 leaves show" in draw_plan(30, 1)[1]
    assert fig.axes[0].get_xlabel() == "plants"
    box = explorer(draw_plan, plants=(10, 200, 10), alike=(0.2, 1.0, 0.1))
    before = box.sentence
    box.controls["alike"].value = 1.0
    assert box.sentence != before == draw_plan()[1]


def test_many_plants_show_a_gain_more_often_than_as_many_leaves_of_few():
    """Exercise 16.3."""
    often = [
        int(re.search(r"(?:plants|leaves) show it in (\d+) %", draw_plan(*study)[1])[1])
        for study in ((30, 5), (75, 2), (150, 1))
    ]
    assert often[0] == 8 and often == sorted(often)
    assert 2.5 < often[2] / often[0] < 3.5
