"""Folders damaged at random: always a sentence, never a traceback or a silent wrong number."""

from mutations import MUTATIONS, run


def test_64_damaged_folders_are_understood_or_refused_in_sentences():
    count = 4 * len(MUTATIONS)
    assert count == 64 and run(count) == []
