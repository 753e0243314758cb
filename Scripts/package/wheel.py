#!/usr/bin/env python3
"""wheel.py TREE FOLDER: packs a laid out tree as a wheel into FOLDER and prints its path.

It contains no Python. pip puts bin/ and libexec/ of the tree into the environment.
"""

import base64
import hashlib
import pathlib
import sys
import time
import zipfile

from archive import epoch, files
from version import ROOT, version

TAG = "py3-none-manylinux_2_35_x86_64"

METADATA = """\
Metadata-Version: 2.4
Name: subterfuge
Version: {version}
Summary: Measures whether a language model that learns small forms of cheating goes on to tamper with its own reward.
License-Expression: Apache-2.0
{licences}
Requires-Python: >=3.8
Description-Content-Type: text/markdown

{readme}"""

WHEEL = f"Wheel-Version: 1.0\nGenerator: subterfuge\nRoot-Is-Purelib: false\nTag: {TAG}\n"


def contents(tree, name, number):
    """(path in the wheel, bytes, whether it is a program) of every file but RECORD."""
    licences = []
    for path, file, is_program in files(tree):
        if path == "bin/subterfuge":
            yield f"{name}.data/scripts/subterfuge", file.read_bytes(), True
        elif path.startswith("share/doc/subterfuge/") and not path.endswith(".cdx.json"):
            licence = path.removeprefix("share/doc/subterfuge/")
            licences.append(f"License-File: {licence}")
            yield f"{name}.dist-info/licenses/{licence}", file.read_bytes(), False
        elif path.endswith(".cdx.json"):
            yield f"{name}.dist-info/sboms/{file.name}", file.read_bytes(), False
        else:
            yield f"{name}.data/data/{path}", file.read_bytes(), is_program
    readme = (ROOT / "README.md").read_text()
    metadata = METADATA.format(version=number, licences="\n".join(licences), readme=readme)
    yield f"{name}.dist-info/METADATA", metadata.encode(), False
    yield f"{name}.dist-info/WHEEL", WHEEL.encode(), False


def main(tree, folder):
    number = version()
    name = f"subterfuge-{number}"
    target = pathlib.Path(folder, f"{name}-{TAG}.whl")
    moment = time.gmtime(max(epoch(), 315532800))[:6]  # a zip knows no time before 1980
    record = []

    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:

        def write(path, data, is_program):
            info = zipfile.ZipInfo(path, moment)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o100755 if is_program else 0o100644) << 16
            archive.writestr(info, data)

        for path, data, is_program in contents(tree, name, number):
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(data)}\n")
            write(path, data, is_program)
        path = f"{name}.dist-info/RECORD"
        write(path, ("".join(record) + f"{path},,\n").encode(), False)
    print(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
