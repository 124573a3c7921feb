"""What modalities are called in sentences, and where in a folder they are."""

ONE = {"image": "picture"}  # elsewhere a modality goes by its own name
MANY = {"spectrum": "spectra", "image": "pictures", "sound": "sounds", "text": "texts"}
PLACES = {
    "spectrum": "spectra.csv", "image": "images/", "sound": "sounds/", "text": "a column text",
}  # fmt: skip


def places(but=""):
    """Where modalities may be added to a folder.

    Examples
    --------
    >>> from mmlib.project.reading.called import places
    >>> places(), places(but="image")[:25]
    ('spectra.csv, images/, sounds/ or a column text', 'spectra.csv, sounds/ or a')
    """
    *first, last = [place for name, place in PLACES.items() if name != but]
    return f"{', '.join(first)} or {last}"
