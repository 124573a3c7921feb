"""The first notebook, as a learner meets it: JupyterLab, a real browser, Run All, a slider.

Skipped where there is no Chromium (CHROMIUM names one in an unusual place) or
no playwright.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PROMPTS = "[...document.querySelectorAll('.jp-Notebook .jp-InputPrompt')].map(e => e.innerText)"
IDLE = "/\\| Idle/.test(document.querySelector('#jp-main-statusbar')?.innerText || '')"
STARTED = f"() => {PROMPTS}.some(text => /\\[[*\\d]/.test(text))"
FINISHED = f"() => {IDLE} && !{PROMPTS}.some(text => text.includes('*'))"
# The bytes of the picture: its address changes even when it is drawn again unchanged.
PICTURE = """async () => {
    const image = document.querySelector('.mm-widget img');
    const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer());
    return bytes.join();
}"""


@pytest.fixture
def notebook(tmp_path):
    """A copy of notebook 00, alone in its folder. MMLIB_BROWSER_NOTEBOOK names another one."""
    named = os.environ.get("MMLIB_BROWSER_NOTEBOOK")
    (found,) = [Path(named)] if named else (ROOT / "notebooks").glob("00_*.ipynb")
    folder = tmp_path / "notebooks"
    folder.mkdir()
    return Path(shutil.copy(found, folder))


@pytest.fixture
def lab(notebook, tmp_path):
    """The address of `notebook` in a JupyterLab that knows nothing of the user's settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        *[sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}"],
        *["--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"],
        *[f"--ServerApp.root_dir={notebook.parent}", "--LabApp.news_url=None"],
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    for name in ("CONFIG", "DATA", "RUNTIME"):
        environment[f"JUPYTER_{name}_DIR"] = str(tmp_path / name)
    # All cells are put into the page, also those out of sight, and no question pops up.
    settings = {"notebook-extension/tracker": {"windowingMode": "none"}}
    settings["apputils-extension/notification"] = {"fetchNews": "false"}
    for name, values in settings.items():
        file = tmp_path / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    environment["JUPYTERLAB_SETTINGS_DIR"] = str(tmp_path / "settings")
    environment["JUPYTERLAB_WORKSPACES_DIR"] = str(tmp_path / "workspaces")
    log = tmp_path / "lab.log"
    with open(log, "w", encoding="utf-8") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    try:
        deadline = time.time() + 60
        while True:
            try:
                address = f"http://127.0.0.1:{port}"
                urllib.request.urlopen(f"{address}/api/status?token={token}", timeout=2).close()
                break
            except OSError:
                said = log.read_text(encoding="utf-8")
                assert server.poll() is None and time.time() < deadline, said
                time.sleep(0.3)
        yield f"{address}/lab/tree/{notebook.name}?token={token}&reset"
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def page(tmp_path):
    """A page of a real browser; if the test fails there is a picture of it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("there is no Chromium here (CHROMIUM may name one)")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(60_000)
        yield page
        page.screenshot(path=str(tmp_path / "last_view.png"))
        browser.close()


def run_all(page):
    """Run the whole notebook and wait until the kernel is done."""
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.wait_for_function(f"() => {IDLE}")
    for _ in range(5):  # JupyterLab drops a Run All that comes before the session is wired up
        page.click(".lm-MenuBar-item:has-text('Run')")
        page.click(".lm-Menu-item[data-command='runmenu:run-all']")
        try:
            page.wait_for_function(STARTED, timeout=5_000)
            break
        except Exception as error:
            if "Timeout" not in type(error).__name__:
                raise
    page.wait_for_function(FINISHED, timeout=180_000)


def saved(page, notebook):
    """The notebook as JupyterLab saves it."""
    before = notebook.stat().st_mtime_ns
    page.keyboard.press("Control+s")
    deadline = time.time() + 30
    while notebook.stat().st_mtime_ns == before:
        assert time.time() < deadline, "JupyterLab did not save the notebook"
        page.wait_for_timeout(200)
    page.wait_for_timeout(500)
    return nbformat.read(notebook, as_version=4)


def test_first_notebook_runs_and_its_slider_changes_the_picture(page, lab, notebook):
    script_errors = []
    page.on("pageerror", lambda error: script_errors.append(str(error)))
    page.goto(lab)
    run_all(page)
    code = [cell for cell in saved(page, notebook).cells if cell.cell_type == "code"]
    code = [cell for cell in code if cell.source.strip()]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output for output in outputs if output.get("name") == "stderr"]

    slider = page.locator(".mm-widget .noUi-handle").first
    page.wait_for_selector(".mm-widget img", state="attached", timeout=20_000)
    slider.scroll_into_view_if_needed()
    before = page.evaluate(PICTURE)
    slider.focus()
    assert any(moved(page, key, before) for key in ("ArrowRight", "ArrowLeft"))
    assert not script_errors


def moved(page, key, before):
    """Press `key` a few times; True once the picture has changed (not at the slider's end)."""
    for _ in range(3):
        page.keyboard.press(key)
    for _ in range(50):
        page.wait_for_timeout(200)
        if page.evaluate(PICTURE) != before:
            return True
    return False
