"""Terms of the glossary in the notebooks' pages: point at one, and its meaning is shown.

A term is marked where a page uses it for the first time, and wherever it stands in bold, which is
where a notebook explains it. Words that everyday language uses as well are marked in bold only.
The mark is a link to the term's place in the glossary.
"""

import re
from pathlib import Path

from docutils import nodes

GLOSSARY = Path(__file__).with_name("glossary.md")
ENTRY = re.compile(r"^(?![:|#])(\S.*)\n: (.+)$", re.MULTILINE)  # a list of definitions
ROW = re.compile(r"^\| \*\*(.+?)\*\* \| (.+?) \|", re.MULTILINE)  # a table: term, plain words
MARKS = re.compile(r"[*`]|\[([^\]]*)\]\([^)]*\)")  # of Markdown
EVERYDAY = set(
    "bias bit chance class factor frame gain head interval layer offset paired point power "
    "precision rank recall scores series severity stability standards step unique window".split()
)
PARTS_OF_TEXT = nodes.paragraph, nodes.emphasis, nodes.strong
ALREADY = nodes.reference, nodes.title, nodes.literal


def definitions(text):
    """What each term of the glossary means, by its name in small letters."""
    found = {}
    for names, meaning in ENTRY.findall(text) + ROW.findall(text):
        names = [_plain(name) for name in names.split(", ")]
        said = _plain(meaning) if len(names) == 1 else f"{', '.join(names)}: {_plain(meaning)}"
        found |= {name.lower(): said for name in names}
    return found


def _plain(text):
    return MARKS.sub(r"\1", text).strip()


def _pattern(terms):
    """One of these terms or its plural; the longest first, since "net" stands in "elastic net"."""
    longest = sorted(terms, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest))})(?:s|es)?(?![\w-])", re.I)


def _place(term):
    return "term-" + nodes.make_id(term)


def mark(doctree, meanings, glossary):
    """Turn terms of a page into links to `glossary`, its address, that show their meanings."""
    pattern, seen = _pattern(meanings), set()
    for text in list(doctree.findall(nodes.Text)):
        inside = text.parent
        if not isinstance(inside, PARTS_OF_TEXT) or _within(inside, ALREADY):
            continue
        bold, pieces, end = _within(inside, (nodes.strong,)), [], 0
        for match in pattern.finditer(text):
            term = match[1].lower()
            if not bold and (term in seen or term in EVERYDAY):
                continue
            seen.add(term)
            link = nodes.reference("", match[0], refuri=f"{glossary}#{_place(term)}", internal=True)
            link["reftitle"], link["classes"] = meanings[term], ["term"]
            pieces += [nodes.Text(text[end : match.start()]), link]
            end = match.end()
        if pieces:
            inside.replace(text, [*pieces, nodes.Text(text[end:])])


def _within(node, kinds):
    while node is not None:
        if isinstance(node, kinds):
            return True
        node = node.parent
    return False


def _resolve(app, doctree, docname):
    if docname.startswith("notebooks/"):
        meanings = definitions(GLOSSARY.read_text(encoding="utf-8"))
        mark(doctree, meanings, app.builder.get_relative_uri(docname, "glossary"))
    elif docname == "glossary":
        for node in [*doctree.findall(nodes.term), *doctree.findall(nodes.strong)]:
            for name in node.astext().split(", "):
                node["ids"].append(_place(name.lower()))


def setup(app):
    app.connect("doctree-resolved", _resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
