"""Archives whose bytes depend on nothing but the files: sorted, one time, one owner."""

import gzip
import io
import os
import pathlib
import subprocess
import tarfile

from version import ROOT


def epoch():
    """The time that every file in an archive has: SOURCE_DATE_EPOCH, else that of the commit."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return int(given or subprocess.check_output(["git", "-C", ROOT, "log", "-1", "--format=%ct"]))


def files(tree):
    """The regular files of a tree, sorted by path: (path in the tree, path, whether it is a program)."""
    for file in sorted(pathlib.Path(tree).rglob("*")):
        if file.is_file():
            yield file.relative_to(tree).as_posix(), file, bool(file.stat().st_mode & 0o100)


def tar(folders):
    """A gzipped tar of several (folder, prefix), links and folders included."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        seen = set()
        for folder, prefix in folders:
            for path in sorted(pathlib.Path(folder).rglob("*")):
                add(archive, path, f"{prefix}{path.relative_to(folder).as_posix()}", seen)
    return raw.getvalue(), gzip.compress(raw.getvalue(), 9, mtime=0)


def add(archive, path, name, seen):
    info = archive.gettarinfo(path, name)
    if info is None or name in seen or info.ischr() or info.isblk() or info.isfifo():
        return
    seen.add(name)
    if info.islnk():  # a second name of a file is stored as a file
        info.type, info.size = tarfile.REGTYPE, path.stat().st_size
    info.mtime, info.uid, info.gid, info.uname, info.gname = epoch(), 0, 0, "", ""
    if info.isreg():
        with path.open("rb") as content:
            archive.addfile(info, content)
    else:
        archive.addfile(info)
