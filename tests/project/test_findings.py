"""What is found is said in short."""

from folders import samples, spectra, table

from mmlib.__main__ import main


def test_many_findings_of_a_kind_are_shown_in_short(root, capsys):
    table(root / "samples.csv", samples())
    table(root / "spectra.csv", [spectra()[0], *(row for row in spectra()[1:] for _ in "ab")])
    assert main(["check", str(root)]) == 1
    said = capsys.readouterr().out
    assert said.count("second time") == 3 and "and 21 more of this kind." in said
