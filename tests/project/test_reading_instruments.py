"""Binary files of instruments: exactly one finished result is read, or the reason named."""

import struct
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from mmlib.project.reading.findings import Findings
from mmlib.project.reading.spectrum_formats import READERS, reader_of

AXIS, VALUES = [4000.0, 3990.0], [0.1, 0.2]


@pytest.fixture
def package(monkeypatch):
    """Stands in for the package that knows OPUS; a test puts the parts of a file in."""
    module = ModuleType("brukeropus")
    module.parts = {}
    module.read_opus = lambda path: SimpleNamespace(data_keys=list(module.parts), **module.parts)
    monkeypatch.setitem(sys.modules, "brukeropus", module)
    return module


def part(label, unit="WN"):
    return SimpleNamespace(label=label, x=AXIS, y=VALUES, dxu=unit)


def opus(tmp_path):
    path, found = tmp_path / "a.0000", Findings()
    path.write_bytes(b"\n\n\xfe\xfe\0\0")
    return reader_of(path)(path, "a", found), found


def test_the_one_result_of_an_opus_file_is_read(package, tmp_path):
    package.parts = {"sm": part("Sample Spectrum"), "a": part("Absorbance")}
    (axis, values, unit, what), found = opus(tmp_path)
    assert (list(axis), list(values), unit, what) == (AXIS, VALUES, "cm-1", "absorbance")
    assert not found


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"r": part("Reflectance"), "r_2": part("Reflectance")}, "holds 2 results (r, r_2)"),
        ({"sm": part("Sample Spectrum")}, "holds no finished result, but sm"),
        ({}, "holds no finished result, but nothing"),
        ({"a": part("Absorbance", "PNT")}, "the axis of this OPUS file is not understood"),
    ],
)
def test_raw_counts_never_stand_in_for_a_result(parts, said, package, tmp_path):
    package.parts = parts
    got, found = opus(tmp_path)
    assert got is None and said in str(found[0])


def test_a_broken_opus_file_is_one_sentence(tmp_path):
    pytest.importorskip("brukeropus")
    got, found = opus(tmp_path)
    assert got is None and len(found) == 1 and "export data points" in str(found[0])


def test_a_missing_extra_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "brukeropus", None)
    assert "mmlib[instruments]" in str(opus(tmp_path)[1][0])


def omnic(path, unit=1, kind=17, parts=1, points=3):
    values = np.array([0.5, 0.25, 0.125], "<f4").tobytes()
    data = bytearray(500)
    data[:18] = b"Spectral Data File"
    struct.pack_into("<H", data, 294, 1 + parts)
    struct.pack_into("<BBII", data, 304, 2, 0, 400, 40)
    for k in range(parts):
        struct.pack_into("<BBII", data, 320 + 16 * k, 3, 0, 500, len(values))
    struct.pack_into("<I", data, 404, points)
    data[408], data[412] = unit, kind
    struct.pack_into("<ff", data, 416, 4000.0, 3000.0)
    path.write_bytes(bytes(data) + values)
    found = Findings()
    return reader_of(path)(path, "a.SPA", found), found


def test_an_omnic_file(tmp_path):
    (axis, values, unit, kind), found = omnic(tmp_path / "a.SPA")
    assert list(axis) == [4000, 3500, 3000] and list(values) == [0.5, 0.25, 0.125]
    assert (unit, kind) == ("cm-1", "absorbance") and not found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"parts": 2}, "holds 2 spectra"), ({"parts": 0}, "no sound OMNIC file"),
        ({"points": 9}, "this kind of OMNIC file is not read"), ({"kind": 99}, "is not read"),
        ({"unit": 2}, "is not read"),
    ],
)  # fmt: skip
def test_an_omnic_file_that_is_not_understood_is_refused(changes, said, tmp_path):
    got, found = omnic(tmp_path / "a.SPA", **changes)
    assert got is None and said in str(found[0]) and "export CSV" in str(found[0])


def test_an_omnic_file_cut_short(tmp_path):
    path, found = tmp_path / "a.SPA", Findings()
    path.write_bytes(b"Spectral Data File" + bytes(60))
    assert reader_of(path)(path, "a", found) is None and "no sound OMNIC" in str(found[0])


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


def opus_bytes():
    """An OPUS file of one absorbance spectrum: head, list of blocks, numbers, their status.

    The status holds names of three letters, each with the kind (0 whole number, 1 number, 2 text)
    and the length, in words of two bytes, of what follows.
    """

    def entry(name, kind, value):
        return struct.pack("<3sxHH", name, kind, len(value) // 2) + value

    values = np.array([0.5, 0.25, 0.125, 0.5], "<f4").tobytes()
    numbers = {b"FXV": 4000.0, b"LXV": 3997.0, b"CSF": 1.0, b"MXY": 0.5, b"MNY": 0.125}
    status = entry(b"DPF", 0, struct.pack("<i", 1)) + entry(b"NPT", 0, struct.pack("<i", 4))
    status += b"".join(entry(name, 1, struct.pack("<d", x)) for name, x in numbers.items())
    status += entry(b"DXU", 3, b"WN\0\0") + entry(b"DAT", 2, b"01/01/2024\0\0")
    status += entry(b"TIM", 2, b"10:00:00.000\0\0") + entry(b"END", 0, b"")
    at = 24 + 3 * 12
    blocks = [(0x3400, 36, 24), (0x100F, len(values), at), (0x101F, len(status), at + len(values))]
    head = struct.pack("<4sdiii", b"\n\n\xfe\xfe", 920622.0, 24, 3, 3)
    listed = b"".join(struct.pack("<iii", kind, size // 4, k) for kind, size, k in blocks)
    return head + listed + values + status


def test_an_opus_file_by_the_package_itself(tmp_path, capsys):
    pytest.importorskip("brukeropus")
    path, found = tmp_path / "a.0", Findings()
    path.write_bytes(opus_bytes())
    axis, values, unit, kind = reader_of(path)(path, "a", found)
    assert list(axis) == [4000, 3999, 3998, 3997] and list(values) == [0.5, 0.25, 0.125, 0.5]
    assert (unit, kind) == ("cm-1", "absorbance") and capsys.readouterr() == ("", "")
