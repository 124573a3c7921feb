"""Where the picture of each sample is: named by its id, or by the table of samples."""

import re

from .contents import name_unread
from .findings import some
from .spectrum_formats import CUBE
from .text_tables import files_of, find_folder, same_name

ENDINGS = (".png", ".jpg", ".jpeg", ".jfif", ".tif", ".tiff", ".bmp", ".webp")
CUBES = (CUBE, ".img", ".dat", ".bil", ".bip", ".bsq", "")  # header and data
NOT_READ = (".heic", ".heif", ".gif", ".cr2", ".cr3", ".nef", ".arw", ".dng", ".raw")


def find_pictures(root, samples, findings):
    """Id -> path of its picture: as the table of samples says, or named by the id.

    Parameters
    ----------
    root : pathlib.Path
    samples : mapping of str to str or None
        Id -> file as written in the table of samples.
    findings : Findings

    Returns
    -------
    dict of str to pathlib.Path
    """
    folder = find_folder(root, "images")
    if folder is None:
        _look_elsewhere(root, samples, findings)
    at_hand = files_of(folder) if folder else []
    unread = {path for path in at_hand if path.suffix.lower() in NOT_READ}
    by_stem, found = {}, {}
    for path in (p for p in at_hand if p.suffix.lower() in (*ENDINGS, CUBE)):
        stem = same_name(path.stem)
        if stem in by_stem:
            findings.error(
                f"images/{path.relative_to(folder).as_posix()}",
                f"{by_stem[stem].relative_to(folder).as_posix()} has the same name",
                "keep one picture for each sample",
            )
        by_stem[stem] = path
    closed = sorted(path for path in unread if same_name(path.stem) not in by_stem)
    beside = _kinds(unread.difference(closed))
    if beside:
        findings.note("images/", f"{beside} beside a picture that can be read is passed over "
                      f"({len(unread) - len(closed)} in all)")  # fmt: skip
    if folder and by_stem:
        endings = (*ENDINGS, *NOT_READ, *(CUBES if _has_cube(at_hand) else ()))
        name_unread(folder, set(by_stem.values()), endings, findings)
    if closed:
        findings.error(
            f"images/{closed[0].name}",
            f"{_kinds(closed)} pictures are not read ({len(closed)} in all)",
            "save as PNG or JPEG",
        )
        by_stem |= {same_name(path.stem): None for path in closed}
    elif folder and not by_stem and not any(samples.values()):
        _say_unusable(folder, at_hand, findings)
    lost = {}
    for sample, named in samples.items():
        path = _named(root, folder, sample, named, findings) if named else by_stem.pop(sample, "")
        if path != "":
            found[sample] = path
        elif named:
            lost[sample] = named
    say = findings.warn if found else findings.error
    for sample, named in lost.items():
        say(f"samples (id {sample})", f"there is no picture {named!r}", "copy it into images/")
    used = {path for path in found.values() if path}
    known = {*found, *lost}  # where the table names a picture, no other one will do
    return found | {s: p for s, p in by_stem.items() if s not in known and p not in used}


def _kinds(paths):
    return some(sorted({path.suffix.upper()[1:] for path in paths}))


def _has_cube(paths):
    return any(path.suffix.lower() == CUBE for path in paths)


def _say_unusable(folder, at_hand, findings):
    """A folder of pictures without any would be passed over in silence."""
    where = f"{folder.name}/"
    if not at_hand:
        findings.warn(where, "it is empty", "put the pictures in, or take it away")
        return
    findings.error(
        where, f"it holds no picture that can be read: {some([path.name for path in at_hand])}",
        "save them as PNG or JPEG, or take the folder away",
    )  # fmt: skip


def _named(root, folder, sample, name, findings):
    """The picture that the table names; "" where there is none, None for one outside, a fault."""
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
            f"picture {name!r} leaves the folder",
            "copy it into images/ and write its name only",
        )
        return None
    return path or ""


def _look_elsewhere(root, samples, findings):
    """Pictures that lie outside of images/ would be overlooked in silence."""
    if any(samples.values()):
        return  # the table of samples says where they are
    for folder in (root, *sorted(p for p in root.iterdir() if p.is_dir())):
        if folder.name.lower() == "spectra":
            continue
        try:
            photos = [
                p.name
                for p in folder.iterdir()
                if p.suffix.lower() in (*ENDINGS, *NOT_READ) and p.is_file()
            ]
        except OSError:
            continue  # a folder that nobody may look into is none of the project's
        if photos:
            findings.error(
                root.name if folder == root else f"{folder.name}/",
                f"it holds pictures ({some(sorted(photos))}), but there is no folder images/",
                "put them into images/",
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
