"""The file of a model is read as bytes that somebody may have forged: checked, then believed."""

import json
import os
import struct
import subprocess
import sys

import numpy as np
import pytest

import mmlib
from mmlib import DataError
from mmlib.project.saving import model_file
from mmlib.project.saving.model_file import (
    MODEL,
    MOST,
    MOST_HEADER,
    read_file,
    read_texts,
    strict_json,
    write_file,
)

TEXTS = {"about": "{}", "model": "[]"}
ARRAYS = [
    np.arange(6.0).reshape(2, 3), np.array([], np.float32), np.array(True),
    np.zeros((0, 4), np.int64), np.arange(3, dtype=np.uint8), np.array(2.5),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    write_file(tmp_path, TEXTS, ARRAYS)
    return tmp_path


def parts_of(folder):
    """The header as a dict, and the bytes behind it."""
    content = (folder / MODEL).read_bytes()
    length = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def put(folder, header, data):
    """Write a file whose header is such a text, or dict."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    (folder / MODEL).write_bytes(struct.pack("<Q", len(text)) + text + data)


def refused(folder, said="."):
    """What is said by everything that reads a model; it is one line that names the file."""
    for read in (read_file, mmlib.load):
        with pytest.raises(DataError, match=said) as fault:
            read(folder)
        assert str(folder) in str(fault.value) and "\n" not in str(fault.value)


def test_texts_and_arrays_come_back(folder):
    texts, arrays = read_file(folder)
    assert texts.items() >= TEXTS.items() and read_texts(folder) == texts
    for there, here in zip(arrays, ARRAYS, strict=True):
        assert there.dtype == here.dtype and there.shape == here.shape
        np.testing.assert_array_equal(there, here)
        assert there.flags.writeable


def test_the_file_is_laid_out_as_safetensors_tell(folder):
    header, data = parts_of(folder)
    assert header.pop("__metadata__").keys() == {"about", "format", "model", "sha256"}
    first = header["0"]
    assert first == {"dtype": "F64", "shape": [2, 3], "data_offsets": [0, 48]}
    np.testing.assert_array_equal(np.frombuffer(data[:48]).reshape(2, 3), ARRAYS[0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda h: h["0"].update(shape=[2, 4]), "not where"),
        (lambda h: h["0"].update(shape=[10**9, 10**9]), "not where"),
        (lambda h: h["0"].update(shape=[10**12]), "not described"),
        (lambda h: h["0"].update(shape=[-2, -3]), "not described"),
        (lambda h: h["0"].update(shape=[2.0, 3]), "not described"),
        (lambda h: h["0"].update(shape=[True, 6]), "not described"),
        (lambda h: h["0"].update(shape="23"), "not described"),
        (lambda h: h["0"].update(shape=[1] * 40), "not described"),
        (lambda h: h["0"].update(dtype="O"), "laid out"),  # objects, which would be a pickle
        (lambda h: h["0"].update(dtype="F64", more=1), "not described"),
        (lambda h: h["0"].update(dtype=["F64"]), "laid out"),
        (lambda h: h["0"].update(data_offsets=[8, 56]), "not where"),
        (lambda h: h["4"].update(data_offsets=[0, 3]), "not where"),  # one inside another
        (lambda h: h["0"].pop("shape"), "laid out"),
        (lambda h: h.update({"0": None}), "laid out"),
        (lambda h: h.update({"../../evil": h.pop("5")}), "numbered"),
        (lambda h: h.pop("5"), "fill"),
        (lambda h: h.update({"6": dict(h["5"])}), "not where"),
        (lambda h: h.pop("__metadata__"), "laid out"),
        (lambda h: h.update(__metadata__=[]), "laid out"),
        (lambda h: h["__metadata__"].update(model=3), "not written by mmlib"),
        (lambda h: h["__metadata__"].update(more="x"), "not written by mmlib"),
        (lambda h: h["__metadata__"].pop("sha256"), "not written by mmlib"),
        (lambda h: h["__metadata__"].update(format="4"), "update mmlib"),
        (lambda h: h["__metadata__"].update(sha256="0" * 64), "altered or cut short"),
        (lambda h: h["__metadata__"].update(about="{ }"), "altered or cut short"),
    ],
)
def test_a_header_that_says_something_else_is_refused(change, said, folder):
    header, data = parts_of(folder)
    change(header)
    put(folder, header, data)
    refused(folder, said)


@pytest.mark.parametrize(
    "text",
    [
        b"", b"[]", b"null", b"{", b"\xff\xfe{}", b'{"__metadata__": NaN}', b"[" * 100_000,
        b'{"a":' * 100_000, b'{"0": {}, "0": {}}', b'{"__metadata__": {"format": "\\ud800"}}',
        b"9" * 100_000, b'{"a": 1e999}', b'{"a": %s}' % (b"9" * 30), b'{"a": -Infinity}',
        b'{"__metadata__": {"format": "3", "format": "3"}}',
    ],
    ids=lambda text: repr(text[:20]),
)  # fmt: skip
def test_a_header_that_is_no_plain_json_is_refused(text, folder):
    put(folder, text, b"")
    refused(folder, "broken, or no model of mmlib")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\0" * 7, b"\0" * 8, b"\0" * 100, b"\xff" * 100, b"PK\3\4junk" * 9, b"\x80\x04." * 9,
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", MOST_HEADER + 1) + b" " * (MOST_HEADER + 1),
    ],
    ids=lambda content: repr(content[:10]),
)  # fmt: skip
def test_a_file_of_other_content_is_refused(content, folder):
    (folder / MODEL).write_bytes(content)
    refused(folder, "broken, or no model of mmlib")


def test_a_cut_or_a_changed_byte_is_noticed_anywhere(folder):
    whole = (folder / MODEL).read_bytes()
    for k in range(0, len(whole), 7):
        (folder / MODEL).write_bytes(whole[:k])
        refused(folder)
        (folder / MODEL).write_bytes(whole[:k] + bytes([whole[k] ^ 1]) + whole[k + 1 :])
        refused(folder)
    (folder / MODEL).write_bytes(whole + b"\0")
    refused(folder, "fill")


def test_truth_values_that_are_neither_are_refused(folder):
    header, data = parts_of(folder)
    at = header["2"]["data_offsets"][0]
    entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
    data = data[:at] + b"\7" + data[at + 1 :]
    header["__metadata__"]["sha256"] = model_file._digest(header["__metadata__"], entries, data)
    put(folder, header, data)
    refused(folder, "truth values")


posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")


def as_fifo(path):
    os.mkfifo(path)


def as_link(path):
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def as_device(path):
    path.symlink_to("/dev/zero")


def as_loop(path):
    path.symlink_to(path.name)


@posix
@pytest.mark.parametrize("make", [as_fifo, as_device, as_loop, os.mkdir])
def test_what_is_no_ordinary_file_is_refused_at_once(make, folder):
    (folder / MODEL).unlink()
    make(folder / MODEL)
    code = f"import mmlib; mmlib.load({str(folder)!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "no ordinary file" in done.stderr.splitlines()[-1]
    refused(folder, "no ordinary file")


@posix
def test_a_link_to_a_file_elsewhere_is_refused(folder):
    as_link(folder / MODEL)
    refused(folder, "no ordinary file")


@posix
def test_a_file_larger_than_any_model_is_refused_without_reading_it(folder):
    with (folder / MODEL).open("ab") as file:
        file.truncate(2 * MOST)  # a sparse file takes no room
    refused(folder, "larger than any model")


@posix
def test_a_short_file_that_promises_much_takes_no_memory(folder):
    header, _ = parts_of(folder)
    header = {"__metadata__": header["__metadata__"]}
    header["0"] = {"dtype": "F64", "shape": [2**27], "data_offsets": [0, 2**30]}
    put(folder, header, b"\0" * 80)
    code = (
        "import resource, mmlib; from mmlib.project.saving.model_file import read_file;"
        "resource.setrlimit(resource.RLIMIT_DATA, (2**29, 2**29));"
        f"read_file({str(folder)!r})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "arrays do not fill the file" in done.stderr


def test_a_model_too_large_to_be_read_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(model_file, "MOST", 100)
    with pytest.raises(DataError, match="too many to be read again safely"):
        write_file(tmp_path / "model", TEXTS, [np.zeros(20)])
    assert not (tmp_path / "model").exists()


def test_there_is_no_model_where_there_is_none(tmp_path):
    (tmp_path / "file").write_text("")
    for place in (tmp_path, tmp_path / "nowhere", tmp_path / "file"):
        refused(place, "There is no model in")
    with pytest.raises(DataError, match="check the name"):
        read_file("a\0b")


def test_numbers_and_texts_are_read_as_they_stand():
    text = '{"a": [1, -2.5, true, null, "ü\\n"], "b": 9223372036854775807}'
    assert strict_json(text) == json.loads(text)
