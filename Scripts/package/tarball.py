#!/usr/bin/env python3
"""tarball.py TREE FOLDER: packs a laid out tree as a tar file into FOLDER and prints its path."""

import pathlib
import platform
import sys

from archive import tar
from version import version


def main(tree, folder):
    name = f"subterfuge-{version()}-linux-{platform.machine()}"
    target = pathlib.Path(folder, f"{name}.tar.gz")
    target.write_bytes(tar([(tree, f"{name}/")])[1])
    print(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
