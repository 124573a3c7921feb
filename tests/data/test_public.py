"""Real data: downloads that are checked, faults that are said, splits that hold."""

import errno
import http.server
import os
import sys
import threading
import zipfile
from collections import Counter
from hashlib import sha256
from lzma import LZMAError
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

import mmlib
from mmlib.data.public import coffee, download, houston, speech
from mmlib.data.public.download import fetch, fetch_tree, published

CONTENT = b"wavelength,reflectance\n" * 1000
GOOD = sha256(CONTENT).hexdigest()
NOWHERE = "http://127.0.0.1:9/"  # nothing listens there


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
    """A local address that keeps a list of calls.

    It sends CONTENT; half of it at /cut; at /broken it promises all and hangs up half way;
    at /gone it answers 404.
    """

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            calls.append(self.path)
            half = self.path in ("/cut", "/broken")
            body = CONTENT[: len(CONTENT) // 2] if half else CONTENT
            self.send_response(404 if self.path == "/gone" else 200)
            promised = CONTENT if self.path == "/broken" else body
            self.send_header("Content-Length", str(len(promised)))
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


def test_downloading_prints_nothing_into_a_notebook(cache, server, capfd, caplog):
    fetch("set/file.csv", f"{server[0]}/file.csv", GOOD)
    assert capfd.readouterr() == ("", "") and not caplog.records


@pytest.mark.parametrize(
    ("address", "words"),
    [("/cut", "cut short"), ("/broken", "broke off"), ("/gone", "answers with code 404")],
)
def test_a_bad_download_is_refused_and_not_kept(cache, server, address, words):
    url, _ = server
    with pytest.raises(mmlib.DataError, match=words) as fault:
        fetch("set/file.csv", url + address, GOOD)
    assert url + address in str(fault.value)
    assert str(cache / "set" / "file.csv") in str(fault.value)  # where to put it by hand
    assert not list((cache / "set").iterdir())
    assert fetch("set/file.csv", f"{url}/file.csv", GOOD).is_file()  # the next try works


def test_an_altered_download_gives_both_checksums(cache, server):
    cut = sha256(CONTENT[: len(CONTENT) // 2]).hexdigest()
    with pytest.raises(mmlib.DataError, match=f"expected {GOOD[:16]}.*got {cut[:16]}"):
        fetch("set/file.csv", f"{server[0]}/cut", GOOD)


def test_a_file_altered_in_the_cache_is_refused_by_name(cache, server):
    url, _ = server
    path = fetch("set/file.csv", f"{url}/file.csv", GOOD)
    path.write_bytes(CONTENT + b"x")
    with pytest.raises(mmlib.DataError, match=r"file\.csv is not the published file.*delete it"):
        fetch("set/file.csv", f"{url}/file.csv", GOOD)
    path.unlink()
    assert fetch("set/file.csv", f"{url}/file.csv", GOOD).read_bytes() == CONTENT


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

    monkeypatch.setattr("pooch.HTTPDownloader.__call__", refuse)
    with pytest.raises(mmlib.DataError, match=words):
        fetch("set/file.csv", f"{server[0]}/file.csv", GOOD)


def test_a_disk_that_fills_up_while_unpacking_leaves_nothing_half_done(cache, monkeypatch):
    _archive(cache / "set.zip", MEMBERS)
    write = Path.write_bytes

    def fill_up(path, content):
        if path.name == "two.txt":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(mmlib.DataError, match="disk is full"):
        fetch_tree("set", NOWHERE, SUMS)
    assert [path.name for path in cache.iterdir()] == ["set.zip"]
    monkeypatch.undo()
    monkeypatch.setattr(download, "cache_folder", lambda: cache)
    monkeypatch.delenv("MMLIB_DATA", raising=False)
    assert (fetch_tree("set", NOWHERE, SUMS) / "two.txt").read_bytes() == b"2"


def test_a_local_copy_is_used_checked_and_never_written_to(tmp_path, monkeypatch, cache):
    copy = tmp_path / "copy" / "set"
    copy.mkdir(parents=True)
    (copy / "file.csv").write_bytes(CONTENT)
    monkeypatch.setenv("MMLIB_DATA", str(tmp_path / "copy"))
    assert fetch("set/file.csv", NOWHERE, GOOD) == copy / "file.csv"
    assert [p.name for p in copy.iterdir()] == ["file.csv"]
    (copy / "file.csv").write_bytes(b"else")
    with pytest.raises(mmlib.DataError, match=r"not the published file.*unset MMLIB_DATA"):
        fetch("set/file.csv", NOWHERE, GOOD)
    assert [p.name for p in copy.iterdir()] == ["file.csv"] and not cache.exists()


def test_what_the_local_copy_lacks_goes_to_the_cache(tmp_path, monkeypatch, cache, server):
    (tmp_path / "copy" / "set").mkdir(parents=True)
    monkeypatch.setenv("MMLIB_DATA", str(tmp_path / "copy"))
    assert fetch("set/file.csv", f"{server[0]}/file.csv", GOOD) == cache / "set" / "file.csv"
    assert not list((tmp_path / "copy" / "set").iterdir())


def _archive(path, files):
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(f"published-1.0/{name}", content)


MEMBERS = {"a/one.txt": b"1" * 1000, "two.txt": b"2"}
SUMS = {name: sha256(content).hexdigest() for name, content in MEMBERS.items()}


def test_an_archive_is_unpacked_and_its_files_checked_each_time(cache):
    _archive(cache / "set.zip", MEMBERS)
    folder = fetch_tree("set", NOWHERE, SUMS)
    assert {name: (folder / name).read_bytes() for name in MEMBERS} == MEMBERS
    assert fetch_tree("set", NOWHERE, SUMS) == folder
    (folder / "two.txt").write_bytes(b"3")
    with pytest.raises(mmlib.DataError, match=r"two\.txt is not the published.*delete the folder"):
        fetch_tree("set", NOWHERE, SUMS)
    (folder / "two.txt").unlink()
    with pytest.raises(mmlib.DataError, match=r"two\.txt is missing"):
        fetch_tree("set", NOWHERE, SUMS)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (MEMBERS | {"two.txt": b"3"}, r"two\.txt in .* is not the published file"),
        ({"two.txt": b"2"}, r"has no a/one\.txt"),
    ],
)
def test_an_archive_with_other_files_is_refused_and_not_unpacked(cache, members, words):
    _archive(cache / "set.zip", members)
    with pytest.raises(mmlib.DataError, match=words + r".*delete .*set\.zip and load again"):
        fetch_tree("set", NOWHERE, SUMS)
    assert [path.name for path in cache.iterdir()] == ["set.zip"]


def test_a_cut_archive_is_named(cache):
    _archive(cache / "set.zip", MEMBERS)
    path = cache / "set.zip"
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(mmlib.DataError, match=r"set\.zip cannot be unpacked.*cut short"):
        fetch_tree("set", NOWHERE, SUMS)


def _damage(archive, where, value):
    """Change one byte, counted from the start of the first file's entry in the directory."""
    content = bytearray(archive.read_bytes())
    content[content.index(b"PK\x01\x02") + where] = value
    archive.write_bytes(content)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (8, 1),  # encrypted: RuntimeError
        (10, 99),  # unknown method: NotImplementedError
        (10, 8),  # stored, not deflated: zlib.error
        (10, 12),  # nor bzip2: OSError without a number
    ],
)
def test_an_archive_with_an_altered_entry_is_named(cache, where, value):
    _archive(cache / "set.zip", MEMBERS)
    _damage(cache / "set.zip", where, value)
    words = r"set\.zip cannot be (unpacked|read).*: delete .*set\.zip and load again"
    with pytest.raises(mmlib.DataError, match=words):
        fetch_tree("set", NOWHERE, SUMS)
    assert [path.name for path in cache.iterdir()] == ["set.zip"]


@pytest.mark.parametrize("error", [EOFError, LZMAError, ValueError("negative seek value -1")])
def test_an_archive_that_cannot_be_decoded_is_named(cache, monkeypatch, error):
    def read(self, name):
        raise error

    _archive(cache / "set.zip", MEMBERS)
    monkeypatch.setattr(zipfile.ZipFile, "read", read)
    with pytest.raises(mmlib.DataError, match=r"set\.zip cannot be unpacked"):
        fetch_tree("set", NOWHERE, SUMS)


def test_a_cache_that_is_a_file_is_named(cache, server):
    cache.write_text("", encoding="utf-8")
    with pytest.raises(mmlib.DataError, match=r"Cannot write to .*cache.*MMLIB_DATA"):
        fetch("set/file.csv", f"{server[0]}/file.csv", GOOD)


@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize("name", ["set", "set/file.csv"])
def test_a_place_that_may_not_be_read_is_named(cache, monkeypatch, local, name):
    """Neither a folder that may not be looked into nor a file that may not be opened."""
    (cache / "set").mkdir(parents=True)
    (cache / "set" / "file.csv").write_bytes(CONTENT)
    if local:
        monkeypatch.setenv("MMLIB_DATA", str(cache))
    barred, stat = cache / name, Path.stat

    def refuse(path, *_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    def look(path, **options):
        return refuse(path) if barred in path.parents else stat(path, **options)

    def start(path, mode):
        path = Path(path)
        return refuse(path) if barred in (path, *path.parents) else open(path, mode)

    monkeypatch.setattr(Path, "stat", look)
    monkeypatch.setattr("pooch.hashes.open", start, raising=False)
    remedy = "unset MMLIB_DATA" if local else "delete"
    words = rf"cannot be read \(Permission denied\): make it readable, or .*{remedy}"
    with pytest.raises(mmlib.DataError, match=words) as fault:
        fetch("set/file.csv", NOWHERE, GOOD)
    assert str(cache / "set" / "file.csv") in str(fault.value)
    with pytest.raises(mmlib.DataError, match=words):
        fetch_tree("set", NOWHERE, {"file.csv": GOOD})


@pytest.mark.parametrize("local", [True, False])
def test_a_folder_in_the_place_of_a_file_is_named(cache, monkeypatch, local):
    (cache / "set" / "file.csv").mkdir(parents=True)
    (cache / "tree.zip").mkdir()
    if local:
        monkeypatch.setenv("MMLIB_DATA", str(cache))
    remedy = "unset MMLIB_DATA" if local else "delete"
    words = rf"file\.csv cannot be read \(.+\): .*{remedy}"
    with pytest.raises(mmlib.DataError, match=words):
        fetch("set/file.csv", NOWHERE, GOOD)
    with pytest.raises(mmlib.DataError, match=words):
        fetch_tree("set", NOWHERE, {"file.csv": GOOD})
    with pytest.raises(mmlib.DataError, match=r"tree\.zip cannot be read \(.+\): .*delete"):
        fetch_tree("tree", NOWHERE, SUMS)


def test_a_local_folder_that_lacks_a_file_is_an_error_not_a_download(cache, tmp_path, monkeypatch):
    (tmp_path / "copy" / "set").mkdir(parents=True)
    monkeypatch.setenv("MMLIB_DATA", str(tmp_path / "copy"))
    with pytest.raises(mmlib.DataError, match=r"one\.txt is missing.*unset MMLIB_DATA"):
        fetch_tree("set", NOWHERE, SUMS)


def test_the_lists_of_checksums_are_the_published_ones():
    """Pinned here too, so that a list cannot change unnoticed together with the data."""
    speech_sums, tree_sums = published("fsdd.sha256"), published("idtrees2020.sha256")
    assert set(speech_sums) == {
        f"recordings/{digit}_{speaker}_{take}.wav"
        for digit in range(10)
        for speaker in speech.SPEAKERS
        for take in range(50)
    }
    lines = "".join(f"{checksum}  {path}\n" for path, checksum in speech_sums.items())
    assert sha256(lines.encode()).hexdigest() == (
        "04e1baae96c6a26e39c623f2b01d0182ddae627ba0ac02a3cdc17ba2af99fd9b"
    )
    assert len(tree_sums) == 262
    lines = "".join(f"{checksum}  {path}\n" for path, checksum in tree_sums.items())
    assert (
        sha256(lines.encode()).hexdigest()
        == "5eeb71c6fb596352913f85561e8a256e229a3700f3b5a0af68abbb2ade3de256"
    )


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


@pytest.mark.parametrize("step", [(0, 1), (1, 0), (1, 1), (1, -1)])
def test_two_pixels_side_by_side_or_corner_to_corner_are_one_region_if_of_one_class(step):
    height_map = np.random.default_rng(0).random((2, 9, 9))
    (i, j), (down, right) = (1, 1), step
    pair = [height_map[:, i : i + 7, j : j + 7]]
    pair.append(height_map[:, i + down : i + down + 7, j + right : j + right + 7])
    for windows in (np.array(pair), np.array(pair[::-1])):
        assert len(np.unique(houston.find_regions(windows, np.array([3, 3])))) == 1
        assert len(np.unique(houston.find_regions(windows, np.array([3, 4])))) == 2


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
    shapefile = pytest.importorskip("shapefile", reason='needs pip install "mmlib[trees]"')
    from mmlib.data.public import trees

    monkeypatch.setattr(trees, "cache_folder", lambda: tmp_path)
    data = mmlib.load_idtrees2020("stem_diameter")
    assert data.task == "regression" and len(np.unique(data.groups)) > 80
    species = mmlib.load_idtrees2020()  # from the cache this time
    assert len(species.target_names) == 8 and len(species) > 900
    root = Path(os.environ["MMLIB_DATA"]) / "idtrees2020"
    if not (root / "idtrees2020_trees.npz").is_file():
        return
    with np.load(root / "idtrees2020_trees.npz", allow_pickle=False) as stored:
        known = dict(stored)
    row = {tree: i for i, tree in enumerate(data.ids)}
    ours = data.take([row[tree] for tree in known["tree_id"]])
    np.testing.assert_allclose(np.exp(ours.y), known["stem_diameter_cm"], rtol=1e-5)
    shown = dict(zip(species.ids, np.array(species.target_names)[species.y], strict=True))
    both = [i for i, tree in enumerate(known["tree_id"]) if tree in shown]
    assert [shown[known["tree_id"][i]] for i in both] == known["species"][both].tolist()
    times_drawn = Counter()
    for site in ("MLBS", "OSBS"):
        with shapefile.Reader(str(root / f"raw/ITC/train_{site}.shp")) as reader:
            times_drawn.update(record["indvdID"] for record in reader.iterRecords())
    same = ours.groups == known["plot"]
    once = np.array([times_drawn[tree] == 1 for tree in known["tree_id"]])
    assert same[once].all()  # of a tree that was drawn several times, the largest box is ours
    assert once.mean() > 0.9
    spectra = known["spectrum"] / 1e4  # another rule for pixels on the rim of the box
    alike = [np.corrcoef(a, b)[0, 1] for a, b in zip(ours.X["spectrum"], spectra, strict=True)]
    assert np.median(alike) > 0.999 and np.mean(np.array(alike)[once] > 0.95) > 0.95
    # Pictures are the same windows, up to one pixel of rounding, away from the plot's rim.
    matches = [
        any(
            (np.roll(b, (i, j), (0, 1))[2:-2, 2:-2] == a[2:-2, 2:-2]).all()
            for i in (-1, 0, 1)
            for j in (-1, 0, 1)
        )
        for a, b in zip(ours.X["image"], known["rgb"], strict=True)
    ]
    assert np.mean(matches) > 0.7


def test_of_several_boxes_of_a_tree_the_largest_counts(tmp_path):
    shapefile = pytest.importorskip("shapefile", reason='needs pip install "mmlib[trees]"')
    from mmlib.data.public.trees import read_boxes

    with shapefile.Writer(str(tmp_path / "boxes.shp")) as writer:
        writer.field("indvdID", "C")
        for tree, side in [("oak", 2), ("pine", 1), ("oak", 5), ("oak", 3)]:
            writer.poly([[(0, 0), (0, side), (side, side), (side, 0), (0, 0)]])
            writer.record(tree)
    assert read_boxes(tmp_path / "boxes.shp") == {"oak": (0, 0, 5, 5), "pine": (0, 0, 1, 1)}


@has("idtrees2020/raw")
@pytest.mark.parametrize("name", ["shapefile", "tifffile", "imagecodecs"])
def test_a_missing_reader_of_tree_images_is_named(name, tmp_path, monkeypatch):
    from mmlib.data.public import trees

    monkeypatch.setattr(trees, "cache_folder", lambda: tmp_path)
    monkeypatch.setitem(sys.modules, name, None)  # its import fails
    with pytest.raises(mmlib.DataError, match=r'pip install "mmlib\[trees\]"'):
        mmlib.load_idtrees2020()


@has("idtrees2020/raw")
def test_trees_load_where_nothing_can_be_kept(tmp_path, monkeypatch):
    pytest.importorskip("imagecodecs", reason='needs pip install "mmlib[trees]"')
    from mmlib.data.public import trees

    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr(trees, "cache_folder", lambda: tmp_path / "file" / "below")
    assert len(mmlib.load_idtrees2020()) > 900


def test_a_broken_store_of_crowns_is_made_again(tmp_path, monkeypatch, cache):
    from mmlib.data.public import trees

    monkeypatch.setattr(trees, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(trees, "URL", NOWHERE)
    for name in ("shapefile", "tifffile", "imagecodecs"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    path = tmp_path / f"idtrees2020-crowns-{trees.BUILD}.npz"
    path.write_bytes(b"PK cut short")
    with pytest.raises(mmlib.DataError, match="cannot be reached"):  # it went for the originals
        mmlib.load_idtrees2020()


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
    if name == "BB.250":  # whole blocks: no group is wider than its side
        for axis in ("east (m)", "north (m)"):
            assert all(np.ptp(data.info[axis][data.groups == g]) <= 150 for g in set(data.groups))
    else:
        assert data.groups is None and "optimistic" in data.meta["split"]
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
    monkeypatch.setattr("mmlib.data.public.soil.find_spec", lambda _: None)
    with pytest.raises(mmlib.DataError, match=r"mmlib\[soil\]"):
        mmlib.load_soil()


def test_another_version_of_the_soil_data_is_named(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "SA.112.npz").write_bytes(b"new")
    package = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr("mmlib.data.public.soil.find_spec", lambda _: package)
    with pytest.raises(mmlib.DataError, match=r"SA\.112\.npz is not.*limesoda=="):
        mmlib.load_soil()


@has("coffee")
def test_coffee_notes_are_those_of_tasters_who_described_all_four():
    data = mmlib.load_coffee()
    assert len(data) == 8648 and data.modalities == ["notes", "ratings"]
    assert data.target_names == ["coffee A", "coffee B", "coffee C", "coffee D"]
    assert all(type(note) is str and note == " ".join(note.split()) for note in data.X["notes"])
    assert all(data.X["notes"]) and not {"N/A", "n/a", "None"} & set(data.X["notes"])
    assert np.unique(data.X["ratings"]).tolist() == [1, 2, 3, 4, 5]
    assert set(Counter(data.groups).values()) == {4} and len(set(data.groups)) == 2162
    fermented = np.array(["ferment" in note.lower() for note in data.X["notes"]])
    assert np.mean(data.y[fermented] == 3) > 0.7  # the notes are in the rows of their coffees
    acid = [data.X["ratings"][data.y == k, 1].mean() for k in range(4)]
    assert min(acid[0], acid[3]) > max(acid[1], acid[2])  # the light roasts


def survey(path, rows):
    columns = ["age", *(f"Coffee {c} - {n}" for c in coffee.COFFEES for n in coffee.COLUMNS)]
    lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
    path.parent.mkdir()
    path.write_bytes("\n".join(lines).encode("cp1252"))
    return sha256(path.read_bytes()).hexdigest()


def test_incomplete_answers_are_left_out_and_personal_ones_are_not_kept(tmp_path, monkeypatch):
    whole = [note for k in range(4) for note in (f"note\u2019{k}  two", 1 + k, 5 - k, 3)]
    rows = [[99, *whole], [99, "N/A", *whole[1:]], [99, *whole[:-1], ""], [99, *whole]]
    checksum = survey(tmp_path / "coffee" / "coffee_survey.csv", rows)
    monkeypatch.setenv("MMLIB_DATA", str(tmp_path))
    monkeypatch.setattr(coffee, "CHECKSUM", checksum)
    data = mmlib.load_coffee()
    assert data.groups.tolist() == ["taster 0001"] * 4 + ["taster 0002"] * 4
    assert data.X["notes"][:4].tolist() == [f"note\u2019{k} two" for k in range(4)]
    np.testing.assert_array_equal(data.X["ratings"][:4], [[1 + k, 5 - k, 3] for k in range(4)])
    assert data.y.tolist() == [0, 1, 2, 3] * 2 and not data.info
    kept = str([data.X, data.ids, data.groups, data.info, data.meta])
    assert "99" not in kept
    part = data.take([5, 2])
    assert part.X["notes"].tolist() == ["note\u20191 two", "note\u20192 two"]
    assert part.fingerprint() != data.take([5, 3]).fingerprint()


def test_coffee_notes_without_a_network_say_where_to_put_the_file(cache, monkeypatch):
    monkeypatch.setattr(coffee, "URL", NOWHERE)
    with pytest.raises(mmlib.DataError, match=r"cannot be reached.*coffee_survey\.csv"):
        mmlib.load_coffee()


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
