"""Sliders over a pure function: move one, see the picture and a sentence change.

The function is everything: ``function(**values) -> (figure, sentence)``, the
same values giving the same result, so it is tested without a browser. This file
only wires it up, with `observe`: the quicker `interact` hides errors from tests.
"""

import html
import inspect

import ipywidgets
import numpy as np
from matplotlib.image import imread

from ..evaluation.planning import plan
from ..plots.style import make_axes, show, to_png

WIDE = 10.5  # inches: the width of a row of pictures


class Explorer(ipywidgets.VBox):
    """Controls above a picture above a sentence; made by `explorer`.

    Attributes
    ----------
    controls : dict of str to ipywidgets.Widget
    picture : ipywidgets.Image
    text : ipywidgets.HTML
    """

    def __init__(self, function, controls):
        self.function, self.controls = function, controls
        self.picture = ipywidgets.Image(format="png", layout={"max_width": "100%"})
        self.text = ipywidgets.HTML()
        children = [*controls.values(), self.picture, self.text]
        super().__init__(children, layout={"align_items": "flex-start"})  # or Lab stretches it
        self.add_class("mm-widget")
        self._draw()
        for control in controls.values():
            control.observe(self._on_change, names="value")

    def _draw(self):
        fig, sentence = self.function(**{name: c.value for name, c in self.controls.items()})
        self.picture.value = to_png(fig)
        self.sentence = str(sentence)
        self.text.value = f'<p role="status" aria-live="polite">{html.escape(self.sentence)}</p>'

    def _on_change(self, _change):
        try:
            self._draw()
        except Exception as error:
            message = html.escape(f"{type(error).__name__}: {error}")
            self.text.value = f'<p role="alert"><strong>This setting fails.</strong> {message}</p>'
            raise

    def _repr_mimebundle_(self, **kwargs):
        """The live view, and for a page without a kernel a text that does not change by itself."""
        bundle = super()._repr_mimebundle_(**kwargs)
        names = ", ".join(self.controls)
        twin = f"[Run this cell for controls: {names}.] {self.sentence}"
        return bundle | {"text/plain": twin}


def explorer(function, **controls):
    """Controls that redraw ``function(**values)`` whenever one is moved.

    Parameters
    ----------
    function : callable
        Pure: takes the values by name, returns ``(figure, sentence)``. A default
        of a parameter is where its control starts.
    **controls : (low, high), (low, high, step), list, bool or ipywidgets widget
        A slider, a drop-down menu, a check box, or a widget of your own, for
        each parameter of the function that is to be moved.

    Returns
    -------
    box : Explorer
        Put it on the last line of a cell, and a `static_row` in the next one.

    Raises
    ------
    ValueError
        When there is no control, or a control has no parameter. What the
        function raises at its first drawing is raised here; later errors are
        shown in place of the sentence and raised as well.

    Examples
    --------
    >>> def draw(power=2):
    ...     fig, ax = make_axes(width=3, height=2)
    ...     _ = ax.plot([0, 1, 2], [x**power for x in (0, 1, 2)])
    ...     return fig, f"2 to the power {power} is {2**power}."
    >>> box = explorer(draw, power=(1, 4))
    >>> box.controls["power"].value = 3
    >>> box.sentence
    '2 to the power 3 is 8.'
    """
    if not controls:
        raise ValueError("An explorer needs a control, such as water=(0.0, 2.0).")
    parameters = inspect.signature(function).parameters
    for name in controls:
        if name not in parameters:
            raise ValueError(f"The function has no parameter {name!r}: {', '.join(parameters)}.")
    made = {name: _control(name, spec, parameters[name]) for name, spec in controls.items()}
    return Explorer(function, made)


def static_row(function, settings):
    """Draw a few settings side by side, two in a row, for readers of a page without a kernel.

    Parameters
    ----------
    function : callable
        As for `explorer`.
    settings : sequence of dict
        The values for each picture, from left to right.
    """
    show(*draw_row(function, settings))


def draw_row(function, settings):
    """The figure and the description that `static_row` shows."""
    import io

    drawn = [function(**values) for values in settings]
    wide = max(fig.get_size_inches()[0] for fig, _ in drawn)
    columns = 1 if len(drawn) == 1 or wide > 8 else 2  # in three letters would be too small
    for fig, _ in drawn:  # letters keep their size, so that a narrow figure needs its height
        width, height = fig.get_size_inches()
        fig.set_size_inches(WIDE / columns, height * max(WIDE / columns / width, 0.85))
    pictures = [imread(io.BytesIO(to_png(fig))) for fig, _ in drawn]
    titles = [", ".join(f"{k} = {v}" for k, v in values.items()) for values in settings]
    rows = -(-len(drawn) // columns)
    tall = max(picture.shape[0] for picture in pictures) / 100 + 0.35
    fig, axes = make_axes(rows, columns, WIDE, rows * tall, squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, picture, values in zip(axes.flat, pictures, settings, strict=False):
        ax.imshow(np.asarray(picture), interpolation="antialiased")
        ax.set_title(", ".join(_in_words(*item) for item in values.items()), fontsize=11)
    parts = [f"{title}: {s}" for title, (_, s) in zip(titles, drawn, strict=True)]
    return fig, " ".join(parts)


def draw_plan(plants=30, leaves_per_plant=5, alike=0.5, accuracy=0.8, gain=0.04):
    """How many plants show a gain of fusion: for an `explorer`.

    Parameters
    ----------
    plants, leaves_per_plant : int
    alike, accuracy, gain : float
        See `mmlib.evaluation.planning.plan`.

    Returns
    -------
    fig : matplotlib.figure.Figure
    sentence : str

    Examples
    --------
    >>> from mmlib.course.widgets import draw_plan
    >>> draw_plan(1)[1][:55]
    'With 1 plant nothing can be told, 6 are needed. To show'
    """
    found = plan(plants, leaves_per_plant, alike, accuracy, gain=gain, kind="plant")
    said = found.said.replace("samples", "leaves").replace("sample", "leaf")
    return found.plot()[0], f"{said} (Better modality alone: {100 * accuracy:.3g} % right.)"


def _in_words(name, value):
    """A setting as it stands above a picture."""
    name = name.replace("_", " ")
    if isinstance(value, bool):
        return f"{'with' if value else 'without'} {name}"
    return f"{name}: {value}"


def _control(name, spec, parameter):
    start = {} if parameter.default is inspect.Parameter.empty else {"value": parameter.default}
    looks = {"description": name.replace("_", " "), "style": {"description_width": "initial"}}
    if isinstance(spec, ipywidgets.Widget):
        return spec
    if isinstance(spec, bool):
        return ipywidgets.Checkbox(value=start.get("value", spec), **looks)
    if isinstance(spec, list):
        return ipywidgets.Dropdown(options=spec, **start, **looks)
    if not isinstance(spec, tuple) or len(spec) not in (2, 3):
        raise ValueError(
            f"The control of {name!r} is {spec!r}: give (low, high), (low, high, step), a list, "
            "True, False or a widget."
        )
    low, high = spec[:2]
    whole = all(isinstance(value, int) for value in spec)
    slider = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    step = spec[2] if len(spec) == 3 else 1 if whole else (high - low) / 20
    start.setdefault("value", low)
    return slider(min=low, max=high, step=step, continuous_update=False, **start, **looks)
