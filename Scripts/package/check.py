#!/usr/bin/env python3
"""check.py TREE [PACKAGE...]: checks a laid out tree, and the size of packages made from it.

One line for each problem, exit status 1 if there is any. Nothing may be looked for outside the tree but the C and C++
libraries of the oldest supported systems; no program may name a path of the machine that built it to the loader.
"""

import pathlib
import re
import subprocess
import sys

# On every system with glibc, and in manylinux's own list.
OF_THE_SYSTEM = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "ld-linux-x86-64.so.2"}
# The newest symbol versions of Ubuntu 22.04, the oldest supported system (manylinux_2_35).
NEWEST = {"GLIBC": (2, 35), "GLIBCXX": (3, 4, 30), "CXXABI": (1, 3, 13), "GCC": (12, 0)}
LARGEST_PACKAGE = 70_000_000
EXPECTED = (
    "bin/subterfuge",
    "libexec/subterfuge/subterfuge",
    "libexec/subterfuge/Engines/torch/train.py",
    "libexec/subterfuge/Subterfuge_Dashboard.resources/Resources/dashboard.css",
    "libexec/subterfuge/Subterfuge_Environments.resources/Resources/tampering/environment.yaml",
    "libexec/subterfuge/Subterfuge_Experiments.resources/Resources/Recipes/quickstart.yaml",
    "libexec/subterfuge/Subterfuge_LanguageModels.resources/Resources/seedling.safetensors",
    "libexec/subterfuge/Subterfuge_Sandboxing.resources/Resources/Prebuilt/bwrap",
    "libexec/subterfuge/Subterfuge_Sandboxing.resources/Resources/Prebuilt/libserver.so",
    "libexec/subterfuge/Subterfuge_Sandboxing.resources/Resources/Prebuilt/server",
    "share/doc/subterfuge/LICENSE",
    "share/doc/subterfuge/sbom.cdx.json",
)


def readelf(option, file):
    return subprocess.run(["readelf", "-W", option, file], capture_output=True, text=True, check=True).stdout


def problems_of_program(file, brought):
    """Problems of one ELF file, given the names of the libraries in the tree."""
    dynamic = readelf("-d", file)
    for name in re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic):
        if name not in brought and name not in OF_THE_SYSTEM:
            yield f"needs {name}, which is neither in the package nor on every system"
    for paths in re.findall(r"\(R(?:UN)?PATH\).*\[(.*)\]", dynamic):
        for path in paths.split(":"):
            if not re.match(r"\$ORIGIN(/|$)", path):
                yield f"looks for libraries in {path or 'the working folder'}, not relative to itself"
    for kind, number in set(re.findall(r"Name: (GLIBC|GLIBCXX|CXXABI|GCC)_([\d.]+)", readelf("-V", file))):
        if tuple(map(int, number.split("."))) > NEWEST[kind]:
            yield f"needs {kind}_{number}, which is newer than Ubuntu 22.04"
    if ".debug_info" in readelf("-S", file):
        yield "has debugging information"


def problems_of_tree(tree):
    for path in EXPECTED:
        if not (tree / path).is_file():
            yield f"{path}: is missing"
    libraries = {file.name for file in (tree / "libexec/subterfuge/lib").glob("*")}
    for file in sorted(tree.rglob("*")):
        path = file.relative_to(tree)
        if file.is_symlink():
            yield f"{path}: is a link, which a wheel cannot hold"
        elif file.is_file() and file.read_bytes()[:4] == b"\x7fELF":
            yield from (f"{path}: {problem}" for problem in problems_of_program(file, libraries))


def main(tree, *packages):
    problems = list(problems_of_tree(pathlib.Path(tree)))
    for package in map(pathlib.Path, packages):
        if package.stat().st_size > LARGEST_PACKAGE:
            problems.append(f"{package.name}: {package.stat().st_size:,} bytes, more than {LARGEST_PACKAGE:,}")
    for problem in problems:
        print(f"package: {problem}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
