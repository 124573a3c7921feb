import numpy as np

from mmlib.features.pretreatments import absorbance, pretreatments


def test_only_what_the_spectra_allow_is_offered():
    X = np.random.default_rng(0).uniform(0.1, 1, size=(9, 60))
    assert next(iter(pretreatments(X))) == "no pretreatment" and len(pretreatments(X)) == 6
    assert "log(1/R)" not in pretreatments(np.where(X == X.min(), 0, X))
    flat = pretreatments(np.where(np.arange(9)[:, None] == 3, 0.5, X))
    assert "SNV" not in flat and "first derivative, then SNV" not in flat and "MSC" in flat
    assert "MSC" not in pretreatments(X - X.mean(0))
    assert list(pretreatments(X[:, :1])) == ["no pretreatment", "log(1/R)"]


def test_all_of_them_give_numbers_on_spectra_with_constant_bands():
    X = np.random.default_rng(0).uniform(0.1, 1, size=(9, 60))
    X[:, 20:40] = 0.3
    for name, steps in pretreatments(X).items():
        treated = X
        for step in steps:
            treated = step.fit_transform(treated)
        assert np.isfinite(treated).all(), name


def test_a_reflectance_below_all_of_training_is_taken_for_the_lowest():
    assert absorbance(np.array([0.1, -3.0]), floor=0.1).tolist() == [1.0, 1.0]
