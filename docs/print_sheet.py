"""Print the decision sheet, `docs/decisions.md`, on two pages of A4.

    python docs/print_sheet.py decisions.pdf

Needs playwright (`pip install -e ".[test]"`) and a Chromium: one on the path, the one that the
variable CHROMIUM names, or that of `playwright install chromium`.
"""

import os
import shutil
import sys
from pathlib import Path

from nbconvert.filters import markdown2html
from playwright.sync_api import sync_playwright

SHEET = Path(__file__).with_name("decisions.md")
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
STYLE = """
@page { size: A4; margin: 9mm 11mm; }
body { font: 8.8pt/1.26 "DejaVu Sans", Arial, sans-serif; color: #111; }
h1 { font-size: 14pt; margin: 0 0 3pt; }
h2 { font-size: 10pt; margin: 7pt 0 2pt; border-bottom: 1pt solid #0072b2; break-after: avoid; }
p, ol, ul { margin: 2pt 0; }
ol, ul { padding-left: 14pt; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 0.4pt solid #999; padding: 1.2pt 5pt 1.2pt 0; text-align: left;
         vertical-align: top; }
th { font-weight: bold; border-bottom: 0.8pt solid #111; }
th:nth-child(4), h2:nth-of-type(4) + table th:nth-child(3) { width: 7%; }
h2:nth-of-type(3) { break-before: page; }
tr, li { break-inside: avoid; }
code { font-size: 8pt; }
a.anchor-link { display: none; }
"""


def page():
    """The sheet as one page of HTML."""
    body = markdown2html(SHEET.read_text(encoding="utf-8"))
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><style>{STYLE}</style>'
    return f"{head}<body>{body}</body></html>"


def print_sheet(target):
    """Write the sheet as a PDF."""
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        sheet = browser.new_page()
        sheet.set_content(page())
        sheet.pdf(path=str(target), format="A4", prefer_css_page_size=True)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print_sheet(sys.argv[1])
