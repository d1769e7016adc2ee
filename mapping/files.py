"""Where the shipped data stands, and how a file is written so that a half-written one is never left."""

from __future__ import annotations

import glob
import itertools
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from mapping.errors import MappingError, OutputError, UnknownNameError

__all__ = [
    "find_coded",
    "find_data",
    "find_shipped",
    "list_names",
    "list_shipped",
    "replace_controls",
    "replace_folder",
    "write_file",
]

#: Seconds after which a temporary folder belongs to no run that is still at work.
_STALE = 24 * 3600
_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def find_data() -> Path:
    """Return the folder of the shipped data, in a checkout as in an installed package.

    Examples
    --------
    >>> (find_data() / "frameworks").is_dir()
    True
    """
    package = Path(__file__).resolve().parent
    # The build puts the top-level data/ into the package; a checkout has it beside the package.
    for folder in (package / "data", package.parent / "data"):
        if (folder / "frameworks").is_dir():
            return folder
    raise MappingError("The shipped data is not beside the package: install the toolkit again.")


def list_shipped(kind: str) -> list[str]:
    """Return the names of the shipped folders of a kind, ``frameworks`` or ``partnerships``."""
    if kind == "frameworks":
        return sorted(path.parent.name for path in find_data().glob("frameworks/*/framework.yaml"))
    return sorted(path.parent.name for path in find_data().glob("*/partnership.yaml"))


def find_shipped(kind: str, name: str) -> Path:
    """Return the shipped folder of that name; the error names the nearest match."""
    known = list_shipped(kind)
    if name not in known:
        raise UnknownNameError(f"Shipped {kind.removesuffix('s')}", name, known)
    return find_data() / "frameworks" / name if kind == "frameworks" else find_data() / name


def find_coded(name: str | Path) -> Path:
    """Return the file of coded rows: a path, or the name of a shipped one (``data/evaluation/``)."""
    shipped = {path.stem: path for path in sorted((find_data() / "evaluation").glob("*.csv"))}
    path = Path(name)
    if path.exists() or str(name) not in shipped:
        if not path.exists() and path.suffix != ".csv":
            raise UnknownNameError("Coded file", name, shipped)
        return path
    return shipped[str(name)]


def replace_controls(text: str) -> str:
    """Return a text without the characters that XML 1.0 forbids: each becomes the replacement character."""
    return _FORBIDDEN_IN_XML.sub("\ufffd", text)


def list_names(path: Path) -> Iterator[Path]:
    """Yield a path and then its next names without end: paper.docx, paper-2.docx, paper-3.docx.

    Examples
    --------
    >>> from itertools import islice
    >>> [name.name for name in islice(list_names(Path("paper-2.docx")), 3)]
    ['paper-2.docx', 'paper-3.docx', 'paper-4.docx']
    """
    match = re.fullmatch(r"(.*)-(\d{1,4})", path.stem)
    stem, first = (match[1], int(match[2])) if match else (path.stem, 1)
    yield path
    for number in itertools.count(first + 1):
        yield path.with_name(f"{stem}-{number}{path.suffix}")


def write_file(path: str | Path, content: str | bytes) -> Path:
    """Write a file whole or not at all: temporary file beside it, fsync, then one rename.

    Text is written as UTF-8 with the line ends it has.
    """
    target = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".part")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            # mkstemp makes the file private; a result is as readable as any other file of this user.
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(_cannot_write(target, error)) from error
    return target


def replace_folder(path: str | Path, fill: Callable[[Path], None], marker: str) -> Path:
    """Fill a new folder beside ``path``, then put it in its place by renaming.

    A folder already there is replaced only when it holds the file ``marker``, which says that it is one of
    ours; anything else is left alone and reported.

    Parameters
    ----------
    path : str or Path
        Where the folder is to stand.
    fill : callable
        Called with the temporary folder; if it raises, nothing changes at ``path``.
    marker : str
        Name of a file that every folder made by ``fill`` holds.
    """
    target = Path(path)
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target}: a file stands where the folder would go. Choose another name with -o.")
    if target.is_dir() and any(target.iterdir()) and not (target / marker).is_file():
        raise OutputError(
            f"{target}: this folder holds other files and would be replaced. Choose an empty or new folder with -o."
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".part"))
        try:
            temporary.chmod(0o777 & ~_umask())
            fill(temporary)
            _swap(temporary, target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise OutputError(_cannot_write(target, error)) from error
    return target


def _sweep(target: Path) -> None:
    """Remove what a run that was killed left beside a folder; what may be of a run at work is left alone."""
    for path in target.parent.glob(f".{glob.escape(target.name[:40])}.*"):
        # A folder that was set aside is the only whole one until the new one stands.
        ours = path.suffix == ".part" or (path.suffix == ".old" and target.exists())
        if ours and path.is_dir() and time.time() - path.stat().st_mtime > _STALE:
            shutil.rmtree(path, ignore_errors=True)


def _swap(temporary: Path, target: Path) -> None:
    if not target.exists():
        temporary.rename(target)
        return
    old = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".old"))
    target.rename(old / "old")
    try:
        temporary.rename(target)
    except BaseException:
        (old / "old").rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _cannot_write(target: Path, error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    above = next((folder for folder in target.parents if folder.exists() and not folder.is_dir()), None)
    if above is not None:
        return f"{target}: could not be written, because {above} is a file, not a folder. Choose another name with -o."
    return (
        f"{target}: could not be written ({reason}). Nothing was changed there. "
        "Close the file if it is open in Excel or Word, check the disk and the folder's permissions, and run again."
    )
