"""What the pages show of a folder with faults, and that they show it as text."""

import re

import numpy as np
import pytest
from app_pages import axe
from PIL import Image

import mmlib
from mmlib.fusion.early import early_fusion

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


def test_what_was_filled_in_is_there_again_after_a_run_that_was_stopped_or_failed(
    tab, served, leaves
):
    leaves.with_name("leaves-results").touch()  # so the results cannot be written
    tab.goto(served)
    tab.wait_for_selector("h1:has-text('Choose')")
    tab.goto(f"{served.split('?')[0]}compare?folder={leaves}")
    tab.click("text=In full")
    tab.click("text=Keep samples that lack")
    tab.click("text=More settings")
    tab.fill("#seed", "7")
    tab.click("main button")
    tab.wait_for_selector(".fault")
    assert "cannot be written" in tab.inner_text(".fault")
    assert tab.is_visible("#results")  # where it is mended
    assert tab.is_checked("#full") and tab.is_checked("#missing")
    assert tab.input_value("#seed") == "7"
    other = leaves.with_name("other")
    tab.goto(f"{served.split('?')[0]}compare?folder={leaves}&results={other}")
    assert tab.input_value("#results") == str(other)  # what the address names holds
    tab.click("text=Check >> nth=-1")  # the link beside the fault
    tab.wait_for_selector("h1:has-text('Check')")


def test_a_file_that_is_typed_leads_to_its_folder(tab, served, leaves):
    tab.goto(served)
    tab.wait_for_selector("h1:has-text('Choose')")
    tab.fill("#at", str(leaves / "samples.csv"))
    tab.click("text=Go there")
    assert "this is a file, and no folder" in tab.inner_text(".fault")
    tab.click(f"text=Use {leaves}")
    tab.wait_for_selector("text=Check this folder")


def test_work_on_another_page_is_followed_until_it_ends(tab, served, leaves):
    tab.goto(served)
    tab.wait_for_selector("h1:has-text('Choose')")
    other = tab.context.new_page()
    tab.goto(f"{served.split('?')[0]}check?folder={leaves}")
    tab.click("text=Check this folder")
    other.goto(f"{served.split('?')[0]}choose")
    other.wait_for_selector("p.going:has-text('Checking, running')")
    other.wait_for_selector("p.going:has-text('Checking has ended.')", timeout=60_000)
    tab.wait_for_selector("text=Done at")


def test_on_a_phone_nothing_is_out_of_sight(tab, served, leaves):
    tab.set_viewport_size({"width": 320, "height": 700})
    check(tab, served, leaves)
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    tab.click("text=Plan how many")
    tab.click("main button")
    tab.wait_for_selector("caption")
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    table, caption = (
        tab.evaluate(f"document.querySelector('{name}').getBoundingClientRect().right")
        for name in ("table", "caption")
    )
    assert caption <= 320 < table  # the table is moved, and its caption read without that


def test_predicting_needs_a_model_and_is_not_done_on_its_own_samples_unsaid(tab, served, leaves):
    tab.goto(served)
    tab.wait_for_selector("h1:has-text('Choose')")
    tab.goto(f"{served.split('?')[0]}predict?folder={leaves}")
    assert tab.get_attribute("main a.button", "href").startswith("/compare?")
    tab.click("text=choose their folder")
    assert tab.input_value("#at") == str(leaves.parent)
    model = leaves.parent / "model"
    known = mmlib.load_folder(leaves)
    mmlib.save(early_fusion(known).fit(known.X, known.y), model, known)
    address = f"{served.split('?')[0]}predict?folder={leaves}&new={leaves}&model={model}"
    tab.goto(address)
    assert "says nothing about new ones" in tab.inner_text("main")
    for name in ("leaves-predictions.csv", "leaves-predictions-2.csv"):
        tab.click("main button")
        tab.wait_for_selector(f".answer:has-text('{name}')")
        assert leaves.with_name(name).is_file()


def test_groups_may_be_the_values_of_a_column(tab, served, leaves):
    edit(leaves / "samples.csv", ("id,label", "id,label,session"))
    rows = (leaves / "samples.csv").read_text(encoding="utf-8").splitlines()
    rows[1:] = [f"{row},{k % 8}" for k, row in enumerate(rows[1:])]
    (leaves / "samples.csv").write_text("\n".join(rows), encoding="utf-8")
    tab.goto(served)
    tab.wait_for_selector("h1:has-text('Choose')")
    tab.goto(f"{served.split('?')[0]}plan?folder={leaves}")
    tab.click("text=More settings")
    tab.fill("#by", "session")
    tab.click("main button")
    tab.wait_for_selector(".answer")
    said = tab.inner_text("main")
    assert "with 8 groups" in said and "Groups are the values of column session." in said
    tab.goto(f"{served.split('?')[0]}compare?folder={leaves}")
    tab.click("text=More settings")
    tab.fill("#by", "week")
    tab.click("main button")
    tab.wait_for_selector(".fault")
    assert "has no column 'week' to split by" in tab.inner_text(".fault")
