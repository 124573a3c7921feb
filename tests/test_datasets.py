"""Real data: downloads that are checked, faults that are said, splits that hold."""

import errno
import http.server
import os
import threading
import zipfile
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

import mmlib
from mmlib.datasets import download, houston, speech
from mmlib.datasets.download import fetch, fetch_tree, tree_digest

CONTENT = b"wavelength,reflectance\n" * 1000
GOOD = sha256(CONTENT).hexdigest()


def has(folder):
    root = os.environ.get("MMLIB_DATA")
    return pytest.mark.skipif(
        not root or not (Path(root) / folder).is_dir(),
        reason=f"needs a local copy: MMLIB_DATA with the folder {folder}",
    )


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.delenv("MMLIB_DATA", raising=False)
    monkeypatch.setattr(download, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def server():
    """A local address that sends CONTENT, but at /cut only half of it, and counts calls."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            calls.append(self.path)
            body = CONTENT[: len(CONTENT) // 2] if self.path == "/cut" else CONTENT
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    calls = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", calls
        running.shutdown()
        thread.join()


def test_a_file_is_fetched_once_and_checked(cache, server):
    url, calls = server
    for _ in range(2):
        assert fetch("set/file.csv", f"{url}/file.csv", GOOD).read_bytes() == CONTENT
    assert calls == ["/file.csv"]


def test_a_truncated_download_is_refused_and_not_kept(cache, server):
    url, _ = server
    with pytest.raises(mmlib.DataError, match="cut short"):
        fetch("set/file.csv", f"{url}/cut", GOOD)
    assert not (cache / "set/file.csv").exists()
    assert fetch("set/file.csv", f"{url}/file.csv", GOOD).is_file()  # the next try works


def test_a_file_altered_in_the_cache_is_refused_by_name(cache, server):
    url, _ = server
    path = fetch("set/file.csv", f"{url}/file.csv", GOOD)
    path.write_bytes(CONTENT + b"x")
    with pytest.raises(mmlib.DataError, match=r"file\.csv is not the published file"):
        fetch("set/file.csv", f"{url}/file.csv", GOOD)


def test_without_network_the_message_says_where_to_put_the_file(cache):
    with pytest.raises(mmlib.DataError) as fault:
        fetch("set/file.csv", "http://127.0.0.1:9/file.csv", GOOD)
    assert "http://127.0.0.1:9/file.csv" in str(fault.value)
    assert str(cache / "set" / "file.csv") in str(fault.value)


@pytest.mark.parametrize(
    ("code", "words"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, "Cannot write")]
)
def test_a_disk_that_takes_nothing_is_named(cache, server, monkeypatch, code, words):
    def refuse(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("pooch.retrieve", refuse)
    with pytest.raises(mmlib.DataError, match=words):
        fetch("set/file.csv", f"{server[0]}/file.csv", GOOD)


def test_a_local_copy_is_used_checked_and_never_written_to(tmp_path, monkeypatch, cache):
    copy = tmp_path / "copy" / "set"
    copy.mkdir(parents=True)
    (copy / "file.csv").write_bytes(CONTENT)
    monkeypatch.setenv("MMLIB_DATA", str(tmp_path / "copy"))
    assert fetch("set/file.csv", "http://127.0.0.1:9/", GOOD) == copy / "file.csv"
    assert [p.name for p in copy.iterdir()] == ["file.csv"]
    (copy / "file.csv").write_bytes(b"else")
    with pytest.raises(mmlib.DataError, match="not the published file"):
        fetch("set/file.csv", "http://127.0.0.1:9/", GOOD)


def _archive(path, files):
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(f"published-1.0/{name}", content)


def test_an_archive_is_unpacked_and_its_members_checked(cache, tmp_path):
    files = {"a/one.txt": b"1", "two.txt": b"2"}
    for name, content in files.items():
        (tmp_path / "true" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "true" / name).write_bytes(content)
    checksum = tree_digest(tmp_path / "true", files)
    _archive(cache / "set.zip", files)
    folder = fetch_tree("set", "http://127.0.0.1:9/", list(files), checksum)
    assert (folder / "a/one.txt").read_bytes() == b"1"
    (folder / "two.txt").write_bytes(b"3")
    with pytest.raises(mmlib.DataError, match="altered"):
        fetch_tree("set", "http://127.0.0.1:9/", list(files), checksum)


def test_a_cut_archive_is_named(cache):
    _archive(cache / "set.zip", {"one.txt": b"1" * 1000})
    path = cache / "set.zip"
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(mmlib.DataError, match="cut short"):
        fetch_tree("set", "http://127.0.0.1:9/", ["one.txt"], "0")


def test_regions_are_found_again_after_shuffling():
    """Windows of two separate maps: neighbors connect, the maps do not."""
    rng = np.random.default_rng(0)
    windows, truth = [], []
    for region in range(2):
        height_map = rng.random((2, 12, 12))
        for i in range(6):
            for j in range(6):
                windows.append(height_map[:, i : i + 7, j : j + 7])
                truth.append(region)
    order = rng.permutation(len(windows))
    windows, truth = np.array(windows)[order], np.array(truth)[order]
    found = houston.find_regions(windows, np.zeros(len(truth)))
    assert len(np.unique(found)) == 2
    assert all(len(np.unique(truth[found == g])) == 1 for g in (0, 1))


@has("houston2013_train")
def test_houston_has_the_known_regions():
    data = mmlib.load_houston2013(profiles=True)
    assert data.X["spectrum"].shape == (2832, 144)
    assert data.X["height"].shape == (2832, 7, 7, 1)
    stored = Path(os.environ["MMLIB_DATA"]) / "houston2013_train" / "roi_groups.npz"
    if stored.is_file():
        with np.load(stored, allow_pickle=False) as known:
            pairs = np.unique(np.stack([known["lab"], data.groups]), axis=1)
        assert pairs.shape[1] == len(np.unique(data.groups)) == 185  # one to one
    np.testing.assert_array_equal(data.X["profiles"][:, 20], data.X["height"][:, 3, 3, 0])


@has("idtrees2020/raw")
def test_tree_crowns_are_the_known_ones(tmp_path, monkeypatch):
    pytest.importorskip("tifffile", reason='needs pip install "mmlib[trees]"')
    pytest.importorskip("imagecodecs", reason='needs pip install "mmlib[trees]"')
    pytest.importorskip("shapefile", reason='needs pip install "mmlib[trees]"')
    from mmlib.datasets import trees

    monkeypatch.setattr(trees, "cache_folder", lambda: tmp_path)
    data = mmlib.load_idtrees2020("stem_diameter")
    assert data.task == "regression" and len(np.unique(data.groups)) > 80
    species = mmlib.load_idtrees2020()  # from the cache this time
    assert len(species.target_names) == 8 and len(species) > 900
    known = Path(os.environ["MMLIB_DATA"]) / "idtrees2020" / "idtrees2020_trees.npz"
    if known.is_file():
        with np.load(known, allow_pickle=False) as stored:
            ids, spectra = stored["tree_id"], stored["spectrum"] / 1e4
        row = {tree: i for i, tree in enumerate(data.ids)}
        ours = data.X["spectrum"][[row[tree] for tree in ids]]
        assert np.corrcoef(ours.ravel(), spectra.ravel())[0, 1] > 0.99


@has("fsdd")
def test_no_picture_of_a_digit_has_two_speakers():
    data = mmlib.load_digits_and_speech()
    assert sorted(set(data.groups)) == speech.SPEAKERS
    assert data.X["audio"].shape[1] == 8000 and np.abs(data.X["audio"]).max() > 1000
    pictures = {}
    for picture, speaker in zip(data.X["image"], data.groups, strict=True):
        pictures.setdefault(picture.tobytes(), set()).add(speaker)
    assert all(len(speakers) == 1 for speakers in pictures.values())
    np.testing.assert_array_equal(data.y, [int(i[0]) for i in data.ids])


@pytest.mark.parametrize(("name", "shape"), [("SA.112", (112, 1401)), ("BB.250", (250, 12))])
def test_soil_columns_are_the_named_ones(name, shape):
    pytest.importorskip("LimeSoDa", reason='needs pip install "mmlib[soil]"')
    data = mmlib.load_soil(name, "pH")
    first = data.X[data.modalities[0]]
    assert first.shape == shape
    assert 4 < data.y.min() and data.y.max() < 9  # pH of soils
    clay, carbon = mmlib.load_soil(name, "clay").y, mmlib.load_soil(name, "organic_carbon").y
    assert clay.mean() > carbon.mean() > 0.3
    electrode = data.X["sensors"][:, -1]  # the field pH electrode follows the laboratory pH
    assert np.corrcoef(electrode, data.y)[0, 1] > 0.4
    red_minus_near_infrared = data.X["terrain"][:, 2] if name == "SA.112" else first[:, 10]
    assert np.abs(red_minus_near_infrared).max() <= 1  # NDVI lies between -1 and 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: mmlib.load_soil("XY.1"), "no soil data set"),
        (lambda: mmlib.load_soil("SA.112", "gold"), "no target"),
        (lambda: mmlib.load_idtrees2020("age"), "must be 'species'"),
    ],
)
def test_wrong_names_are_refused_in_one_sentence(call, words):
    with pytest.raises(mmlib.DataError, match=words):
        call()


def test_missing_extra_is_named(monkeypatch):
    monkeypatch.setattr("mmlib.datasets.soil.find_spec", lambda _: None)
    with pytest.raises(mmlib.DataError, match=r"mmlib\[soil\]"):
        mmlib.load_soil()


@has("ct_mri_mni")
def test_ct_and_mri_lie_on_one_another():
    pytest.importorskip("nilearn", reason='needs pip install "mmlib[medical]"')
    head = mmlib.load_ct_mri()
    assert head["ct"].shape == head["mri"].shape == (91, 109, 91)

    def shared_information(shift):  # mutual information, what registration maximizes
        moved = np.roll(head["mri"], shift, (0, 1, 2))
        joint = np.histogram2d(head["ct"].ravel(), moved.ravel(), 40)[0] / moved.size
        apart = joint.sum(1, keepdims=True) * joint.sum(0, keepdims=True)
        return (joint[joint > 0] * np.log(joint[joint > 0] / apart[joint > 0])).sum()

    here = shared_information((0, 0, 0))
    assert all(shared_information(s) < here for s in [(3, 0, 0), (0, -3, 0), (0, 0, 3)])
