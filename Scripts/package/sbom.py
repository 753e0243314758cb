#!/usr/bin/env python3
"""sbom.py TREE --parts FOLDER --checkouts FOLDER --mlx FOLDER: writes what a package contains into TREE.

share/doc/subterfuge/sbom.cdx.json lists every part of others with version, licence and source (CycloneDX 1.5), and
share/doc/subterfuge/licenses holds their texts. A part whose version or licence text cannot be found is an error.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from version import ROOT, version

DEBIAN = "https://tracker.debian.org/pkg/"
# Taken from the distribution: package, source, licence, the files of the tree that contain it.
DISTRIBUTED = [
    ("libopenblas0-pthread", "openblas", "BSD-3-Clause", "lib/libopenblas.so.0"),
    ("libgfortran5", "gcc-12", "GPL-3.0-or-later WITH GCC-exception-3.1", "lib/libgfortran.so.5"),
    ("libquadmath0", "gcc-12", "LGPL-2.1-or-later", "lib/libquadmath.so.0"),
    ("libsqlite3-0", "sqlite3", "blessing", "lib/libsqlite3.so.0"),
    ("zlib1g", "zlib", "Zlib", "lib/libz.so.1"),
    ("libssl3", "openssl", "Apache-2.0", "lib/libssl.so.3, lib/libcrypto.so.3"),
    ("libc6-dev", "glibc", "LGPL-2.1-or-later", "the sandbox's server and bwrap, linked statically"),
]
# Built by parts.sh from the distribution's sources.
BUILT = [
    ("bubblewrap", "LGPL-2.0-or-later", "bwrap"),
    ("libcap2", "BSD-3-Clause OR GPL-2.0-only", "bwrap, linked statically"),
    ("curl", "curl", "lib/libcurl.so.4"),
]
# Swift packages that are linked into the program.
SWIFT_PACKAGES = {
    "FlyingFox": "MIT", "GRDB.swift": "MIT", "Yams": "MIT", "swift-argument-parser": "Apache-2.0", "swift-numerics": "Apache-2.0"}
# Texts that Debian's copyright files refer to.
COMMON = ["Apache-2.0", "GPL-2", "GPL-3", "LGPL-2", "LGPL-2.1"]


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()


class Contents:
    """The parts and their licence texts, as they are found."""

    def __init__(self, tree):
        self.folder = tree / "share/doc/subterfuge"
        (self.folder / "licenses").mkdir()
        self.components = []

    def add(self, name, number, licence, source, where, texts):
        for index, text in enumerate(texts):
            suffix = "" if index == 0 else f".{pathlib.Path(text).name}"
            (self.folder / "licenses" / f"{name}{suffix}").write_bytes(pathlib.Path(text).read_bytes())
        self.components.append({
            "type": "library", "name": name, "version": number, "licenses": [{"expression": licence}],
            "externalReferences": [{"type": "distribution", "url": source}],
            "properties": [{"name": "subterfuge:contained-in", "value": where}]})

    def write(self):
        document = {
            "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
            "metadata": {"component": {
                "type": "application", "name": "subterfuge", "version": version(),
                "licenses": [{"expression": "Apache-2.0"}]}},
            "components": sorted(self.components, key=lambda part: part["name"])}
        (self.folder / "sbom.cdx.json").write_text(json.dumps(document, indent=1) + "\n")


def add_distributed(contents, parts):
    for package, source, licence, where in DISTRIBUTED:
        number = run("dpkg-query", "-W", "-f", "${Version}", package)
        contents.add(package, number, licence, DEBIAN + source, where, [f"/usr/share/doc/{package}/copyright"])
    for name, licence, where in BUILT:
        number = (parts / f"{name}.version").read_text().strip()
        contents.add(name, number, licence, DEBIAN + name, where, [parts / f"{name}.copyright"])
    for name in COMMON:
        (contents.folder / "licenses" / f"common.{name}").write_bytes(
            pathlib.Path("/usr/share/common-licenses", name).read_bytes())


def add_swift(contents, checkouts):
    pins = {pin["identity"]: pin for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]}
    for name, licence in SWIFT_PACKAGES.items():
        pin = pins[name.lower()]
        text = next(file for file in sorted((checkouts / name).iterdir()) if file.name.startswith("LICENSE"))
        contents.add(name, pin["state"]["version"], licence, pin["location"], "the program, linked statically", [text])
    compiler = shutil.which(os.environ.get("SWIFT", "swift"))
    number = re.search(r"Swift version ([\d.]+)", run(compiler, "--version"))[1]
    contents.add(
        "swift", number, "Apache-2.0 WITH Swift-exception", "https://github.com/swiftlang/swift",
        "the program, linked statically (standard library, Foundation, Dispatch, ICU)",
        [pathlib.Path(compiler).resolve().parents[1] / "share/swift/LICENSE.txt"])


def add_mlx(contents, mlx):
    folder = next(mlx.parent.glob("mlx_cpu-*.dist-info"))
    number = re.search(r"^Version: (.+)$", (folder / "METADATA").read_text(), re.M)[1]
    contents.add(
        "mlx-cpu", number, "MIT", "https://pypi.org/project/mlx-cpu/", "lib/libmlx.so", [folder / "licenses/LICENSE"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tree", type=pathlib.Path)
    for name in ("parts", "checkouts", "mlx"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    given = parser.parse_args()
    contents = Contents(given.tree)
    try:
        add_distributed(contents, given.parts)
        add_swift(contents, given.checkouts)
        add_mlx(contents, given.mlx)
    except (OSError, KeyError, StopIteration, subprocess.CalledProcessError) as error:
        sys.exit(f"sbom: error: the version or the licence of a part cannot be found: {error}")
    contents.write()


if __name__ == "__main__":
    main()
