"""From a folder to predictions in a real browser, by mouse alone, as somebody meets it."""

import csv
import json
import os
import re
import shutil
import signal
import socket
import time

from app_pages import axe, serving

import mmlib
from mmlib.__main__ import main

SLOW = 300_000  # ms: a whole comparison on a busy computer


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows_of(path):
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def new_samples(leaves, n=5):
    """The first samples in a folder beside the others, without labels."""
    new = leaves.with_name("new leaves")
    shutil.copytree(leaves, new)
    rows = (new / "samples.csv").read_text(encoding="utf-8").splitlines()[: n + 1]
    ids = [row.split(",")[0] for row in rows]
    (new / "samples.csv").write_text("\n".join(ids), encoding="utf-8")
    for picture in (new / "images").iterdir():
        if picture.stem not in ids:
            picture.unlink()
    lines = (new / "spectra.csv").read_text(encoding="utf-8").splitlines()[: n + 1]
    (new / "spectra.csv").write_text("\n".join(lines), encoding="utf-8")
    return new, ids[1:]


def test_by_mouse_from_a_folder_to_the_report_and_to_predictions(tab, served, leaves, tmp_path):
    new, ids = new_samples(leaves)
    before, faults = contents(leaves), {}

    def look(name):
        faults[name] = axe(tab)
        if os.environ.get("MMLIB_SHOTS"):
            tab.screenshot(path=f"{os.environ['MMLIB_SHOTS']}/{name}.png", full_page=True)

    tab.goto(served)
    tab.click("ul.folders >> text=leaves >> nth=0")
    look("choose")
    tab.click("text=Use this folder")
    look("unchecked")
    tab.click("text=Check this folder")
    tab.wait_for_selector("text=No fault.")
    look("checked")
    assert "24 samples" in tab.inner_text("#found")
    tab.click("text=Plan how many")
    tab.click("main button")
    tab.wait_for_selector(".answer")
    look("planned")
    assert str(mmlib.Project(leaves).plan(gain=0.04)).splitlines()[0] == " ".join(
        tab.inner_text(f"main {part}") for part in (".answer", ".answer + p")
    )
    tab.click("nav >> text=Compare")
    look("before")
    tab.click("main button")
    tab.wait_for_selector("progress[max]")
    look("comparing")
    tab.wait_for_selector("text=The answer", timeout=SLOW)
    look("compared")
    results = leaves.with_name("leaves-results")
    table = rows_of(results / "quick.csv")
    shown = tab.locator("main tbody tr").all()
    assert [row.inner_text().split("\t")[0] for row in shown] == [row["model"] for row in table]
    outcome = mmlib.Project(leaves).compare(quick=True)  # the command's, from the same fits
    assert tab.inner_text(".answer") == f"First look. {outcome.verdict.answer}"
    tab.click("text=Go on: the report")
    look("report")
    with tab.expect_popup() as opened:
        tab.click("text=Open the report")
    opened.value.wait_for_selector("text=Does fusion help here?")
    assert outcome.verdict.answer in opened.value.inner_text("main")
    tab.click("nav >> text=Predict")
    tab.click("text=choose their folder")
    tab.click("nav.path >> text=desk")
    tab.click("ul.folders >> text=new leaves")
    tab.click("text=Use this folder")
    look("predict")
    tab.click("main button:has-text('Predict')")
    tab.wait_for_selector("text=Download CSV")
    look("predicted")
    with tab.expect_download() as sent:
        tab.click("text=Download CSV")
    path = tmp_path / "sent.csv"
    sent.value.save_as(path)
    assert path.read_bytes() == new.with_name("new leaves-predictions.csv").read_bytes()
    rows = rows_of(path)
    model = results / "model"
    expected = mmlib.Project.predict(model, new, tmp_path / "again.csv").table
    assert [row["id"] for row in rows] == ids
    assert [row["predicted"] for row in rows] == expected["predicted"].tolist()
    with tab.expect_download() as sent:
        tab.click("text=Download XLSX")
    assert sent.value.suggested_filename == "new-leaves-predictions.xlsx"
    assert contents(leaves) == before
    assert {name: found for name, found in faults.items() if found} == {}


def test_a_run_is_left_and_found_again_and_goes_on_after_the_server_was_killed(browser, leaves):
    fits = leaves.with_name("leaves-results") / "fits"
    with serving(leaves.parent) as (server, address):
        tab = enter(browser, address)
        tab.goto(f"{address.split('?')[0]}compare?folder={leaves}")
        tab.click("text=In full")
        tab.click("main button")
        tab.wait_for_selector("progress[max]")
        total = int(tab.get_attribute("progress", "max"))
        left_at = wait_for(tab, 2)
        tab.context.close()  # the page is left, not the run
        tab = enter(browser, address)
        assert "fits done" in tab.inner_text("p.going")  # told on any page
        tab.click("p.going a")
        assert int(tab.get_attribute("progress", "max")) == total
        wait_for(tab, left_at + 2)
        worker = next(iter(children(server.pid)))
        server.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
        server.wait(30)
        tab.wait_for_selector("text=The program does not answer", timeout=30_000)
        tab.context.close()
    wait_until(lambda: not worker.is_running() or worker.status() == "zombie")
    kept = {path: path.stat().st_mtime_ns for path in fits.glob("*.json")}
    assert left_at + 2 <= len(kept) < total
    with serving(leaves.parent) as (_, address):
        tab = enter(browser, address)
        tab.goto(f"{address.split('?')[0]}compare?folder={leaves}")
        assert f"left {len(kept)} finished fits" in tab.inner_text("main")
        tab.click("text=In full")
        tab.click("text=Go on comparing")
        wait_for(tab, len(kept) + 1)
        assert {path: path.stat().st_mtime_ns for path in kept} == kept  # none was fitted anew
        tab.click("button:has-text('Stop')")
        tab.wait_for_selector("text=This was stopped")
        assert len(list(fits.glob("*.json"))) > len(kept)
        assert not list(fits.glob("*.part"))
        for path in fits.glob("*.json"):
            assert json.loads(path.read_text(encoding="utf-8"))["result"]


def enter(browser, address):
    page = browser.new_context().new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    page.wait_for_selector("h1:has-text('Choose')")
    return page


def children(pid):
    import psutil

    return psutil.Process(pid).children(recursive=True)


def wait_until(holds, seconds=60):
    deadline = time.time() + seconds
    while not holds():
        assert time.time() < deadline
        time.sleep(0.2)


def wait_for(tab, n):
    """Until the bar is at `n` or more; where it is then."""
    at = f"() => (document.querySelector('progress') || {{}}).value >= {n}"
    tab.wait_for_function(at, timeout=SLOW)
    said = tab.inner_text("#said")
    return int(re.search(r"(\d+) of \d+ fits", said)[1])


def test_a_port_that_cannot_be_had_is_said(tmp_path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for port in (taken.getsockname()[1], 99_999_999):
            assert main(["app", str(tmp_path), "--port", str(port), "--no-browser"]) == 2
            assert f"The port {port} cannot be used" in capsys.readouterr().err
