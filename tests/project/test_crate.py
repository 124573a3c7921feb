"""The record of a run names every file with its sum, and nothing of what the samples hold."""

import json
from datetime import datetime
from hashlib import sha256

import mmlib
from mmlib.project.crate import NAME, make_crate


def test_every_reference_in_the_record_is_to_a_part_of_it():
    leaves = mmlib.make_leaves(5)
    files = {"report.html": b"<p>", "figures/scores.svg": b"<svg>", "tables/scores.tex": b"%"}
    made = make_crate(leaves, files, "No.", {"seed": 3, "quick": True}, datetime(2026, 1, 31))
    crate = json.loads(made)
    assert crate["@context"] == "https://w3id.org/ro/crate/1.1/context"
    parts = {part["@id"]: part for part in crate["@graph"]}
    assert len(parts) == len(crate["@graph"])

    def references(value):
        if isinstance(value, list):
            return {x for item in value for x in references(item)}
        if isinstance(value, dict):
            inner = {x for item in value.values() for x in references(item)}
            return {value["@id"]} if value.keys() == {"@id"} else inner
        return set()

    named = {x for part in parts.values() for key, value in part.items() if key != "conformsTo"
             for x in references(value)}  # fmt: skip
    assert named <= parts.keys() and files.keys() <= named
    for name, content in files.items():
        assert parts[name]["sha256"] == sha256(content).hexdigest()
        assert parts[name]["contentSize"] == str(len(content))
    assert parts["figures/scores.svg"]["encodingFormat"] == "image/svg+xml"
    assert parts["./"]["datePublished"].startswith("2026-01-31T")
    assert parts["#setting-seed"]["value"] == 3 and parts["#setting-quick"]["value"] is True
    assert parts[NAME]["about"] == {"@id": "./"}
    assert parts["#mmlib"]["softwareVersion"] == mmlib.__version__
    assert leaves.fingerprint() in parts["#data"]["identifier"]
    assert leaves.ids[0] not in made
