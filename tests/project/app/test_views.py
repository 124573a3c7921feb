"""What the pages show of a folder with faults, and that they show it as text."""

import re

import numpy as np
import pytest
from app_pages import axe
from PIL import Image

MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"
BROKEN = """() => [...document.images].filter(i => !i.complete || !i.naturalWidth).length"""


def edit(path, *pairs):
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def check(tab, served, folder):
    tab.goto(served)
    tab.wait_for_selector("h1:has-text('Choose')")
    tab.fill("#at", str(folder))
    tab.click("text=Go there")
    tab.click("text=Use this folder")
    tab.click("text=Check this folder")
    tab.wait_for_selector("#found")


def findings(tab, level):
    """Sentence -> names of the pictures beside it."""
    return {
        item.locator("p").first.inner_text(): [
            name.inner_text() for name in item.locator("figcaption").all()
        ]
        for item in tab.locator(f".findings.{level} > li").all()
    }


def test_faults_are_shown_with_their_pictures_until_they_are_mended(tab, served, leaves):
    first, second, third = sorted((leaves / "images").iterdir())[:3]
    sound = {path: path.read_bytes() for path in (first, second, third)}
    second.write_bytes(sound[first])  # a copy
    check(tab, served, leaves)
    assert "1 fault to mend" in tab.inner_text("#found")
    found = findings(tab, "error")
    ((said, pictures),) = found.items()
    assert "the same, number for number" in said
    assert sorted(pictures) == [first.stem, second.stem]
    assert tab.evaluate(BROKEN) == 0 and axe(tab) == []

    second.write_bytes(sound[second])
    third.write_bytes(sound[third][:60])  # cut short: there is nothing to show
    tab.click("text=Check again")
    tab.wait_for_selector("text=cannot be shown")
    ((said, pictures),) = findings(tab, "error").items()
    assert third.name in said and pictures == [third.stem]

    third.write_bytes(sound[third])
    Image.fromarray(np.full((16, 16, 3), 90, np.uint8)).save(first)
    tab.click("text=Check again")
    tab.wait_for_selector("text=No fault.")
    ((said, pictures),) = findings(tab, "warning").items()
    assert "of one color" in said and pictures == [first.stem]
    assert tab.evaluate(BROKEN) == 0 and axe(tab) == []


@pytest.mark.skipif("os.name == 'nt'", reason="Windows has no such names of files")
def test_nothing_from_a_file_is_markup(tab, served, leaves):
    name = "<b>&amp;<script>alert(3)<"
    first = sorted((leaves / "images").iterdir())[0]
    copy = first.with_name(f"{name}.png")
    copy.write_bytes(first.read_bytes())  # belongs to no sample
    edit(leaves / "samples.csv", ("healthy", MARKUP.replace(",", "")))
    edit(leaves / "spectra.csv", (f"{first.stem},", f'"{MARKUP}",'))
    leaves.rename(leaves.with_name(f"{MARKUP.replace('/', '')}\x1b[31m"))
    tab.goto(served)
    tab.click("ul.folders a")
    tab.click("text=Use this folder")
    tab.click("text=Check this folder")
    tab.wait_for_selector("#found")
    said = tab.inner_text("main")
    assert MARKUP in said and name in said and "\\x1b[31m" in said
    assert tab.locator("main img[src=x], main script").count() == 0
    assert tab.locator("b:has-text('&amp;')").count() == 0
    assert axe(tab) == []


@pytest.mark.skipif("os.name == 'nt'", reason="there a name is text")
def test_a_name_that_is_no_text_can_be_chosen(tab, served, leaves):
    odd = leaves.parent / b"\xff\xfe".decode("utf-8", "surrogateescape")
    leaves.rename(odd)
    tab.goto(served)
    tab.click(r"ul.folders >> text=\udcff\udcfe")
    tab.click("text=Use this folder")
    tab.click("text=Check this folder")
    tab.wait_for_selector("text=No fault.")


def test_a_number_that_is_none_is_said_beside_what_was_filled_in(tab, served, leaves):
    tab.goto(served)
    tab.wait_for_selector("h1:has-text('Choose')")
    tab.goto(f"{served.split('?')[0]}plan?folder={leaves}")
    tab.fill("#gain", "much")
    tab.click("main button")
    assert "write a number from 0.1 to 99" in tab.inner_text(".fault")
    assert tab.input_value("#gain") == "much"


def test_the_keyboard_alone_will_do(tab, served, leaves):
    def to(label):
        """Tab until that is reached, and see that it shows."""
        for _ in range(40):
            tab.keyboard.press("Tab")
            here = tab.evaluate(
                "() => [document.activeElement.innerText, "
                "getComputedStyle(document.activeElement).outlineStyle]"
            )
            if re.fullmatch(label, here[0] or ""):
                assert here[1] == "solid"
                return
        raise AssertionError(f"no way to {label}")

    tab.goto(served)
    tab.wait_for_selector("h1:has-text('Choose')")
    tab.keyboard.press("Tab")
    assert tab.evaluate("() => document.activeElement.innerText") == "Skip to the content"
    for label in ("leaves", "Use this folder", "Check this folder"):
        to(label)
        with tab.expect_navigation():
            tab.keyboard.press("Enter")
    tab.wait_for_selector("text=No fault.")
