"""One HTML page that needs no network and no scripts: its style, figures and tables."""

import base64
import html
import warnings

from matplotlib import font_manager
from matplotlib.text import Text

from ..plots.style import to_png
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
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
caption { text-align: left; padding-bottom: .4rem; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid #767676; text-align: right; }
thead th:first-child { text-align: left; } th[scope=row] { text-align: left; font-weight: 600; }
.verdict { border-left: .4rem solid #0072B2; padding: .4rem 1rem; font-size: 1.15rem; }
figure { margin: 1rem 0; } figcaption { color: #404040; } img { max-width: 100%; height: auto; }
"""


def write_page(title, sections):
    """The text of an HTML file.

    Parameters
    ----------
    title : str
    sections : sequence of (str, str)
        Heading and HTML of each.

    Returns
    -------
    str

    Examples
    --------
    >>> from mmlib.project.page import table, write_page
    >>> page = write_page("Pears", [("Sizes", table(["pear", "g"], [("a", 90)], "Weight"))])
    >>> "<h2>Sizes</h2>" in page
    True
    """
    body = "\n".join(f"<section><h2>{text(head)}</h2>\n{part}</section>" for head, part in sections)
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
    _lend_letters(fig)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # the description below has all letters
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
    columns = "".join(f'<th scope="col">{text(name)}</th>' for name in head)
    lines = "".join(
        f'<tr><th scope="row">{text(row[0])}</th>'
        + "".join(f"<td>{text(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<table tabindex="0"><caption>{text(caption)}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{lines}</tbody></table>"
    )


def _lend_letters(fig):
    """Letters that the font of the figure lacks come from others, where the computer has them."""

    own = font_manager.get_font(font_manager.findfont("DejaVu Sans"))
    at_hand = {font.name for font in font_manager.fontManager.ttflist}
    for label in fig.findobj(Text):
        letters = "".join(label.get_text().split())
        if not all(own.get_char_index(ord(letter)) for letter in letters):
            label.set_fontfamily(["DejaVu Sans", *(font for font in SCRIPTS if font in at_hand)])
