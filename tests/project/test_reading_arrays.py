"""Arrays of MATLAB and NumPy: spectra, axis and ids by their names, and nothing is run."""

import numpy as np
import pytest
from scipy.io import savemat

from mmlib.project.reading.findings import Findings
from mmlib.project.reading.spectrum_formats import reader_of
from mmlib.project.reading.spectrum_tables import read_spectra

IDS = ["k1", "k2", "k3"]
AXIS, VALUES = np.arange(400.0, 440.0, 10), np.arange(12.0).reshape(3, 4) ** 2


def mat(path, **arrays):
    ids = arrays.get("ids")
    savemat(path, arrays | ({} if ids is None else {"ids": np.array(ids, object)}))


def npz(path, **arrays):
    np.savez(path, **arrays)


def read(root):
    found = Findings()
    return *read_spectra(root, dict.fromkeys(IDS), found), found


@pytest.mark.parametrize(("write", "ending"), [(mat, ".mat"), (npz, ".npz")])
@pytest.mark.parametrize("turn", [False, True])
def test_a_table_of_arrays(write, ending, turn, tmp_path):
    spectra = VALUES.T if turn else VALUES
    write(tmp_path / f"spectra{ending}", spectra=spectra, wavelength=AXIS, ids=IDS, unit="nm")
    spectra, unit, found = read(tmp_path)
    assert list(spectra) == IDS and unit == "nm" and not found
    np.testing.assert_allclose(spectra["k3"], [AXIS, VALUES[2]])


@pytest.mark.parametrize(("write", "ending"), [(mat, ".mat"), (npz, ".npz")])
def test_one_file_for_each_sample(write, ending, tmp_path):
    (tmp_path / "spectra").mkdir()
    for name, x in zip(IDS, VALUES, strict=True):
        write(tmp_path / "spectra" / f"{name}{ending}", wavenumber=AXIS, spectrum=x)
    spectra, *_ = read(tmp_path)
    np.testing.assert_allclose(spectra["k2"], [AXIS, VALUES[1]])


def test_a_plain_array_of_two_rows(tmp_path):
    np.save(tmp_path / "a.npy", np.array([AXIS, VALUES[1]]))
    found = reader_of(tmp_path / "a.npy")(tmp_path / "a.npy", "a", Findings())
    np.testing.assert_allclose(found[:2], [AXIS, VALUES[1]])


def test_objects_are_never_loaded(tmp_path):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("a pickle was loaded",))

    np.savez(tmp_path / "spectra.npz", spectra=np.array([Trap()], object), ids=IDS)
    spectra, _, found = read(tmp_path)
    assert not spectra and "its arrays cannot be read" in str(found[0])


def test_what_lacks_is_named(tmp_path):
    npz(tmp_path / "spectra.npz", A=VALUES, W=AXIS)
    _, _, found = read(tmp_path)
    assert "it holds A (3, 4), W (4,); save arrays spectra (samples, bands)" in str(found[0])


def test_arrays_that_do_not_fit(tmp_path):
    npz(tmp_path / "spectra.npz", spectra=VALUES, wavelength=AXIS[:3], ids=IDS)
    assert "do not fit together" in str(read(tmp_path)[2][0])


def test_the_newest_kind_of_matlab_file_is_named(tmp_path):
    (tmp_path / "spectra.mat").write_bytes(b"MATLAB 7.3 MAT-file, Platform: x" + bytes(600))
    assert "version 7.3 (HDF5); save it with the option '-v7'" in str(read(tmp_path)[2][0])
