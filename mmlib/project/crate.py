"""A record of a run that programs read: what went in, with what, and every file that came out.

It is an RO-Crate (https://w3id.org/ro/crate/1.1), JSON-LD written by hand: the package `rocrate`
would bring a client for the network along, to write the same page of JSON.
"""

import json
from hashlib import sha256
from importlib.metadata import version

import mmlib

from .describing import PACKAGES

NAME = "ro-crate-metadata.json"
KINDS = {
    "csv": "text/csv", "html": "text/html", "json": "application/json", "svg": "image/svg+xml",
    "png": "image/png", "tex": "application/x-tex", "bib": "application/x-bibtex",
}  # fmt: skip


def make_crate(data, files, description, settings, when):
    """The record as the text of a JSON file.

    Parameters
    ----------
    data : MultimodalData
        Its name and fingerprint are told, and nothing of its content.
    files : mapping of str to bytes
        Path in the folder of results -> content.
    description : str
    settings : mapping of str to bool, int, float or str
    when : datetime.datetime

    Returns
    -------
    str

    Examples
    --------
    >>> import json
    >>> from datetime import datetime
    >>> import mmlib
    >>> from mmlib.project.crate import make_crate
    >>> made = make_crate(mmlib.make_leaves(5), {"a.csv": b"1"}, "A trial.", {"seed": 0},
    ...                   datetime(2026, 1, 31))
    >>> [part["@id"] for part in json.loads(made)["@graph"]][:3]
    ['ro-crate-metadata.json', './', '#run']
    """
    date, parts = when.astimezone().isoformat(timespec="seconds"), [{"@id": name} for name in files]
    software = {"mmlib": mmlib.__version__} | {name: version(name) for name in PACKAGES}
    graph = [
        {
            "@id": NAME,
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": f"Comparison of models on {data.name}",
            "description": description,
            "datePublished": date,
            "hasPart": parts,
            "mentions": {"@id": "#run"},
        },
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": "Comparison of single modalities and their fusions",
            "endTime": date,
            "instrument": [{"@id": f"#{name}"} for name in software],
            "object": [{"@id": "#data"}, *({"@id": f"#setting-{name}"} for name in settings)],
            "result": parts,
        },
        {
            "@id": "#data",
            "@type": "Dataset",
            "name": data.name,
            "description": f"{len(data)} samples with {' and '.join(data.modalities)}.",
            "identifier": f"sha256 of mmlib's fingerprint: {data.fingerprint()}",
        },
    ]
    graph += [
        {"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "softwareVersion": number}
        for name, number in software.items()
    ]
    graph += [
        {"@id": f"#setting-{name}", "@type": "PropertyValue", "name": name, "value": value}
        for name, value in settings.items()
    ]
    graph += [
        {
            "@id": name,
            "@type": "File",
            "name": name.rpartition("/")[2],
            "encodingFormat": KINDS.get(name.rpartition(".")[2], "application/octet-stream"),
            "contentSize": str(len(content)),
            "sha256": sha256(content).hexdigest(),
        }
        for name, content in files.items()
    ]
    whole = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
