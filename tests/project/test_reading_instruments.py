"""Binary files of instruments: exactly one finished result is read, or the reason named."""

import struct
import sys
from types import ModuleType

import numpy as np
import pytest

from mmlib.project.reading.findings import Findings
from mmlib.project.reading.spectrum_formats import READERS, reader_of

HEADS = {
    "OPUS": b"\n\n\xfe\xfe\0\0",
    "OMNIC": b"Spectral Data File\r\n\0",
    "Avantes": b"\0\0\x8cB\0\0@B\0\0XB",
}
AXIS, VALUES = [4000.0, 3990.0], [0.1, 0.2]


def signal(kind):
    return {"signal_type": kind, "values": VALUES, "axis": {"values": AXIS, "unit": "cm-1"}}


@pytest.fixture
def package(monkeypatch):
    """Stands in for the package that knows the formats; returns what each test puts in."""
    module = ModuleType("nirs4all_formats")
    module.records = []
    module.open_records = lambda path: module.records
    monkeypatch.setitem(sys.modules, "nirs4all_formats", module)
    return module


def read(tmp_path, kind="OPUS"):
    path, found = tmp_path / "a.0000", Findings()
    path.write_bytes(HEADS[kind])
    return reader_of(path)(path, "a", found), found


@pytest.mark.parametrize("kind", HEADS)
def test_the_one_result_is_read(kind, package, tmp_path):
    package.records = [{"signals": {"raw": signal("single_beam"), "a": signal("absorbance")}}]
    (axis, values, unit, what), found = read(tmp_path, kind)
    assert (list(axis), list(values), unit, what) == (AXIS, VALUES, "cm-1", "absorbance")
    assert not found


@pytest.mark.parametrize(
    ("signals", "said"),
    [
        ({"a": signal("reflectance"), "b": signal("reflectance")}, "holds 2 results (a, b)"),
        ({"sample": signal("raw_counts")}, "holds no finished result, but sample"),
    ],
)
def test_raw_counts_never_stand_in_for_a_result(signals, said, package, tmp_path):
    package.records = [{"signals": signals}]
    got, found = read(tmp_path)
    assert got is None and said in str(found[0])


def test_a_reader_that_gives_up_is_one_sentence(package, tmp_path):
    class Panic(BaseException):
        pass

    def give_up(path):
        raise Panic("index out of bounds")

    package.open_records = give_up
    got, found = read(tmp_path)
    assert got is None and "no sound OPUS file (index out of bounds)" in str(found[0])


def test_a_missing_extra_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "nirs4all_formats", None)
    assert "mmlib[instruments]" in str(read(tmp_path)[1][0])


def test_asd_is_named_and_not_read(tmp_path):
    path, found = tmp_path / "a.asd", Findings()
    path.write_bytes(b"as7\0" + bytes(600))
    assert reader_of(path)(path, "a", found) is None and "ASD files are not read" in str(found[0])


def spc(path, whole, own, version=0x4B):
    """One spectrum as whole numbers of 32 bits, with an exponent in either head."""
    numbers = np.array([2**28, 2**29, 2**30], "<i4")
    head = struct.pack("<BBbbIddI", 0, version, 0, whole, 3, 400.0, 420.0, 1)
    head += struct.pack("<BBB", 3, 0, 0) + bytes(512 - len(head) - 3)
    sub = struct.pack("<BbHfffIIf", 0, own, 0, 0.0, 0.0, 0.0, 0, 0, 0.0) + bytes(4)
    path.write_bytes(head + sub + numbers.tobytes())


@pytest.mark.parametrize(("whole", "own"), [(2, 2), (2, 0), (0, 3)])
def test_the_exponent_of_the_file_holds(whole, own, tmp_path, capsys):
    pytest.importorskip("spc_io")
    spc(tmp_path / "a.spc", whole, own)
    axis, values, unit, _ = READERS["SPC"](tmp_path / "a.spc", "a", Findings())
    np.testing.assert_allclose(values, 2.0**whole * np.array([1, 2, 4]) / 16)
    assert list(axis) == [400, 410, 420] and unit == "nm" and capsys.readouterr() == ("", "")


def test_kinds_of_spc_that_are_not_read_are_named(tmp_path):
    pytest.importorskip("spc_io")
    for version, said in ((0x4D, "old LabCalc"), (0x4C, "highest byte"), (0xCF, "Shimadzu")):
        found = Findings()
        spc(tmp_path / "a.spc", 0, 0, version)
        assert READERS["SPC"](tmp_path / "a.spc", "a", found) is None and said in str(found[0])
