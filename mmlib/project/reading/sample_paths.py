"""Where the picture or the sound of each sample is: named by its id, or by the table of samples."""

import re
from typing import NamedTuple

from .contents import name_unread
from .findings import some
from .spectrum_formats import CUBE
from .text_tables import files_of, find_folder, same_name

PHOTOS = (".png", ".jpg", ".jpeg", ".jfif", ".tif", ".tiff", ".bmp", ".webp")
NO_PHOTOS = (".heic", ".heif", ".gif", ".cr2", ".cr3", ".nef", ".arw", ".dng", ".raw")
CUBES = (CUBE, ".img", ".dat", ".bil", ".bip", ".bsq", "")  # header and data
WAVES = (".wav", ".wave")
NO_WAVES = (
    ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".oga", ".opus", ".wma", ".aif", ".aiff", ".amr",
    ".caf", ".3gp", ".mp4",
)  # fmt: skip


class Files(NamedTuple):
    """Files of one modality, one for each sample.

    Attributes
    ----------
    one, many : str
        What they hold.
    folder : str
    endings, closed : tuple of str
        Of files that are read, and of those that would have to be saved anew.
    save : str
        As what.
    astray : tuple of str
        Endings of files that belong into the folder, wherever they lie.
    """

    one: str
    many: str
    folder: str
    endings: tuple
    closed: tuple
    save: str
    astray: tuple


PICTURES = Files(
    "picture", "pictures", "images", (*PHOTOS, CUBE), NO_PHOTOS, "PNG or JPEG",
    (*PHOTOS, *NO_PHOTOS),
)  # fmt: skip
SOUNDS = Files("sound", "sounds", "sounds", WAVES, NO_WAVES, "WAV", WAVES)


def find_files(kind, root, samples, findings):
    """Id -> path of its picture or sound: as the table of samples says, or named by the id.

    Parameters
    ----------
    kind : Files
    root : pathlib.Path
    samples : mapping of str to str or None
        Id -> file as written in the table of samples.
    findings : Findings

    Returns
    -------
    dict of str to pathlib.Path
    """
    folder = find_folder(root, kind.folder)
    if folder is None:
        _look_elsewhere(kind, root, samples, findings)
    at_hand = files_of(folder) if folder else []
    unread = {path for path in at_hand if path.suffix.lower() in kind.closed}
    by_stem, found = {}, {}
    for path in (p for p in at_hand if p.suffix.lower() in kind.endings):
        stem = same_name(path.stem)
        if stem in by_stem:
            findings.error(
                f"{kind.folder}/{path.relative_to(folder).as_posix()}",
                f"{by_stem[stem].relative_to(folder).as_posix()} has the same name",
                f"keep one {kind.one} for each sample",
            )
        by_stem[stem] = path
    closed = sorted(path for path in unread if same_name(path.stem) not in by_stem)
    beside = _kinds(unread.difference(closed))
    if beside:
        findings.note(
            f"{kind.folder}/",
            f"{beside} beside a {kind.one} that can be read is passed over "
            f"({len(unread) - len(closed)} in all)",
        )
    if folder and by_stem:
        endings = (*kind.endings, *kind.closed, *(CUBES if _has_cube(at_hand) else ()))
        name_unread(folder, set(by_stem.values()), endings, findings)
    if closed:
        findings.error(
            f"{kind.folder}/{closed[0].name}",
            f"{_kinds(closed)} {kind.many} are not read ({len(closed)} in all)",
            f"save as {kind.save}",
        )
        by_stem |= {same_name(path.stem): None for path in closed}
    elif folder and not by_stem and not any(samples.values()):
        _say_unusable(kind, folder, at_hand, findings)
    lost = {}
    for sample, named in samples.items():
        if named:
            path = _named(kind, root, folder, sample, named, findings)
        else:
            path = by_stem.pop(sample, "")
        if path != "":
            found[sample] = path
        elif named:
            lost[sample] = named
    say = findings.warn if found else findings.error
    for sample, named in lost.items():
        say(
            f"samples (id {sample})",
            f"there is no {kind.one} {named!r}",
            f"copy it into {kind.folder}/",
            samples=[sample],
        )
    used = {path for path in found.values() if path}
    known = {*found, *lost}  # where the table names a file, no other one will do
    return found | {s: p for s, p in by_stem.items() if s not in known and p not in used}


def _kinds(paths):
    return some(sorted({path.suffix.upper()[1:] for path in paths}))


def _has_cube(paths):
    return any(path.suffix.lower() == CUBE for path in paths)


def _say_unusable(kind, folder, at_hand, findings):
    """A folder of pictures without any, say, would be passed over in silence."""
    where = f"{folder.name}/"
    if not at_hand:
        findings.warn(where, "it is empty", f"put the {kind.many} in, or take it away")
        return
    findings.error(
        where, f"it holds no {kind.one} that can be read: {some([path.name for path in at_hand])}",
        f"save them as {kind.save}, or take the folder away",
    )  # fmt: skip


def _named(kind, root, folder, sample, name, findings):
    """The file that the table names; "" where there is none, None for one outside, a fault."""
    here = f"{folder.name}/" if folder else ""
    if re.match(r"[A-Za-z]:[\\/]|/|\\\\", name):  # a path on the computer it came from
        choices = [inside(root, here + re.split(r"[\\/]", name)[-1])]
        outside = not (choices[0] and _is_file(choices[0]))
    else:
        choices = [inside(root, name), inside(root, here + name)]
        outside = choices[0] is None
    path = next((path for path in choices if path and _is_file(path)), None)
    if outside and "\0" not in name:
        findings.error(
            f"samples (id {sample})",
            f"{kind.one} {name!r} leaves the folder",
            f"copy it into {kind.folder}/ and write its name only",
            samples=[sample],
        )
        return None
    return path or ""


def _look_elsewhere(kind, root, samples, findings):
    """Pictures that lie outside of images/, say, would be overlooked in silence."""
    if any(samples.values()):
        return  # the table of samples says where they are
    for folder in (root, *sorted(p for p in root.iterdir() if p.is_dir())):
        if folder.name.lower() == "spectra":
            continue
        try:
            astray = [
                p.name for p in folder.iterdir() if p.suffix.lower() in kind.astray and p.is_file()
            ]
        except OSError:
            continue  # a folder that nobody may look into is none of the project's
        if astray:
            findings.error(
                root.name if folder == root else f"{folder.name}/",
                f"it holds {kind.many} ({some(sorted(astray))}), but there is no folder "
                f"{kind.folder}/",
                f"put them into {kind.folder}/",
            )
            return


def inside(root, name):
    """The path `name` under `root`, or None where it would lead out of it."""
    path = root / name.replace("\\", "/")
    try:
        real = path.resolve()
    except (OSError, RuntimeError, ValueError):  # a loop of links, or no name of a file
        return None
    return path if real.is_relative_to(root.resolve()) else None


def _is_file(path):
    """Whether it is a file; a name of 1,000 letters is none."""
    try:
        return path.is_file()
    except OSError:
        return False
