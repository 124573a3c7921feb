"""One HTML page that needs no network and no scripts; its figures and tables, as files too."""

import base64
import html
import re
import warnings
from contextlib import contextmanager
from typing import NamedTuple

import pandas as pd
from matplotlib import font_manager
from matplotlib.figure import Figure as Drawing
from matplotlib.text import Text

from ..plots.style import to_png, to_svg
from .results import table_text
from .saying import plain

SCRIPTS = (
    "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "SimHei",
    "WenQuanYi Zen Hei", "Arial Unicode MS",
)  # fmt: skip
# A second wall behind `text`: no script, request, form or frame, whatever got into the page.
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)
STYLE = """
body { font: 16px/1.5 sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
h1 { font-size: 1.8rem; } h2 { font-size: 1.3rem; margin-top: 2.2rem; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto;
  background: linear-gradient(90deg, #fff 2rem, #fff0) local,
    linear-gradient(270deg, #fff 2rem, #fff0) right local,
    linear-gradient(90deg, #0000, #0005 2px, #0000) 0 / 1rem,
    linear-gradient(270deg, #0000, #0005 2px, #0000) right / 1rem, #fff;
  background-repeat: no-repeat; }
caption { text-align: left; padding-bottom: .4rem; position: sticky; left: 0;
  max-width: min(50rem, 100vw - 2rem); }
th, td { padding: .25rem .7rem; border-bottom: 1px solid #767676; text-align: right; }
thead th:first-child { text-align: left; } th[scope=row] { text-align: left; font-weight: 600; }
td.words, thead th.words { text-align: left; }
.verdict { border-left: .4rem solid #0072B2; padding: .4rem 1rem; font-size: 1.15rem; }
figure { margin: 1rem 0; } figcaption { color: #404040; } img { max-width: 100%; height: auto; }
"""
WORDS = 20  # letters: in a column with more in a cell stand words, which begin at the left

LATEX = {sign: rf"\{sign}" for sign in "&%$#_{}"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


class Figure(NamedTuple):
    """A figure of the page, with a name for its files.

    Attributes
    ----------
    name : str
    drawing : matplotlib.figure.Figure
    description : str
    """

    name: str
    drawing: Drawing
    description: str

    def __str__(self):
        return figure(self.drawing, self.description)

    def files(self):
        """Name -> bytes: an SVG, and a PNG of 300 dots per inch."""
        with _letters(self.drawing):
            found = {"svg": to_svg(self.drawing), "png": to_png(self.drawing, 300)}
        return {f"figures/{file_name(self.name)}.{end}": data for end, data in found.items()}


class Table(NamedTuple):
    """A table of the page, with a name for its files; its first column names the rows.

    Attributes
    ----------
    name : str
    head : sequence
    rows : sequence of sequences
    caption : str
    """

    name: str
    head: list
    rows: list
    caption: str

    def __str__(self):
        return table(self.head, self.rows, self.caption)

    def files(self):
        """Name -> bytes: CSV, and LaTeX for the package booktabs."""
        frame = pd.DataFrame(self.rows, columns=list(map(str, self.head)), dtype=object)
        lines = [
            rf"\begin{{table}}\caption{{{latex(self.caption)}}}",
            rf"\begin{{tabular}}{{l{'r' * (len(self.head) - 1)}}}\toprule",
            " & ".join(map(latex, self.head)) + r" \\ \midrule",
            *(" & ".join(map(latex, row)) + r" \\" for row in self.rows),
            r"\bottomrule\end{tabular}\end{table}",
        ]
        found = {"csv": b"\xef\xbb\xbf" + table_text(frame).encode(errors="backslashreplace"),
                 "tex": "\n".join([*lines, ""]).encode(errors="backslashreplace")}  # fmt: skip
        return {f"tables/{file_name(self.name)}.{end}": data for end, data in found.items()}


def latex(value):
    r"""Anything as text of a LaTeX document: what a user wrote is no command.

    Examples
    --------
    >>> from mmlib.project.page import latex
    >>> print(latex(r"5 % of \input{x}"))
    5 \% of \textbackslash{}input\{x\}
    """
    return "".join(LATEX.get(letter, letter) for letter in plain(value, most=100_000))


def file_name(name):
    """A name that every system takes.

    Examples
    --------
    >>> from mmlib.project.page import file_name
    >>> file_name("confusion, early (forest)")
    'confusion-early-forest'
    """
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:80] or "part"


def write_page(title, sections):
    """The text of an HTML file.

    Parameters
    ----------
    title : str
    sections : sequence of (str, list)
        Heading of each, and its parts: HTML, `Figure` or `Table`.

    Returns
    -------
    str

    Examples
    --------
    >>> from mmlib.project.page import Table, write_page
    >>> weights = Table("weights", ["pear", "g"], [("a", 90)], "Weight")
    >>> page = write_page("Pears", [("Sizes", [weights])])
    >>> "<h2>Sizes</h2>" in page
    True
    """
    body = "\n".join(
        f"<section><h2>{text(head)}</h2>\n{''.join(map(str, parts))}</section>"
        for head, parts in sections
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main><h1>{text(title)}</h1>\n{body}\n</main></body></html>\n"
    )


def text(value):
    """Anything as text of a page: what a user wrote is never markup.

    Examples
    --------
    >>> from mmlib.project.page import text
    >>> text("<5 % & more")
    '&lt;5 % &amp; more'
    """
    return html.escape(plain(value, most=100_000, keep="\n\t"), quote=True)


def figure(fig, description):
    """A figure as part of the page; its description stands below, and for screen readers.

    Examples
    --------
    >>> from mmlib.plots import plot_confusion
    >>> from mmlib.project.page import figure
    >>> figure(*plot_confusion([[8, 2], [1, 9]], ["ripe", "raw"]))[:32]
    '<figure><img src="data:image/png'
    """
    with _letters(fig):
        png = base64.b64encode(to_png(fig)).decode("ascii")
    said = text(description)
    return (
        f'<figure><img src="data:image/png;base64,{png}" alt="{said}">'
        f"<figcaption>{said}</figcaption></figure>"
    )


def table(head, rows, caption):
    """A table whose first column names the rows.

    Parameters
    ----------
    head : sequence
        Names of the columns.
    rows : sequence of sequences
    caption : str

    Examples
    --------
    >>> from mmlib.project.page import table
    >>> table(["pear", "g"], [("a", 90)], "Weight").count("<td>")
    1
    """
    long = [any(len(str(row[k])) > WORDS for row in rows) for k in range(len(head))]
    kind = [' class="words"' if words else "" for words in long]
    columns = "".join(f'<th scope="col"{kind[k]}>{text(name)}</th>' for k, name in enumerate(head))
    lines = "".join(
        f'<tr><th scope="row">{text(row[0])}</th>'
        + "".join(f"<td{kind[k]}>{text(row[k])}</td>" for k in range(1, len(row)))
        + "</tr>"
        for row in rows
    )
    return (
        f'<table tabindex="0"><caption>{text(caption)}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{lines}</tbody></table>"
    )


@contextmanager
def _letters(fig):
    """Letters that the font of the figure lacks come from others, where the computer has them."""
    own = font_manager.get_font(font_manager.findfont("DejaVu Sans"))
    at_hand = {font.name for font in font_manager.fontManager.ttflist}
    for label in fig.findobj(Text):
        letters = "".join(label.get_text().split())
        if not all(own.get_char_index(ord(letter)) for letter in letters):
            label.set_fontfamily(["DejaVu Sans", *(font for font in SCRIPTS if font in at_hand)])
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # the description has all letters
        yield
