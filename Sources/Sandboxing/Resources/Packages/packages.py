"""Python packages for boxes.

packages.py list FOLDER [ROOT...]          prints one JSON object: names, versions, what is missing
packages.py make BASE TARGET FOLDER [ROOT...]   makes the system TARGET: BASE with the packages and the shims beside this file

With ROOTs, only those distributions of FOLDER and what they require are taken. Run with `python3 -I -S`.
"""

import compileall
import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def distributions(folder, roots):
    """The distributions by normal name, and what they require and the folder lacks."""
    found = {}
    for one in importlib.metadata.distributions(path=[folder]):
        name = one.metadata["Name"]
        if name:
            found[normal(name)] = one
    required = {name: [r for r in map(requirement, one.requires or []) if r] for name, one in found.items()}
    if roots:
        wanted, queue = set(), [normal(root) for root in roots]
        while queue:
            name = queue.pop()
            if name not in wanted and name in found:
                wanted.add(name)
                queue += required[name]
        found = {name: found[name] for name in sorted(wanted)}
    missing = {
        other: name for name in sorted(found) for other in required[name] if other not in found
    }
    return found, missing


def requirement(text):
    """The normal name of a requirement that always holds; None for extras and other conditions that are false here."""
    head, _, marker = text.partition(";")
    name = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", head)
    marker = marker.strip()
    if not name or "extra" in marker:
        return None
    version = re.fullmatch(r'python_version\s*(<|<=|>|>=)\s*["\']([\d.]+)["\']', marker)
    if version:
        left, right = sys.version_info[:2], tuple(int(part) for part in version[2].split(".")[:2])
        holds = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[version[1]]
        return normal(name[1]) if holds else None
    return None if marker else normal(name[1])


def modules(one):
    """The top-level names of a distribution's files, and the folder of its metadata."""
    tops = {str(path).split("/")[0] for path in one.files or [] if not str(path).startswith("..")}
    if not tops:  # as Debian packs them, without a list of files
        words = (one.read_text("top_level.txt") or one.metadata["Name"]).split()
        tops = {word for word in words} | {word + ".py" for word in words}
        if normal(one.metadata["Name"]) == "pytest":
            tops |= {"_pytest", "pytest", "py.py"}
        if normal(one.metadata["Name"]) == "attrs":
            tops |= {"attr", "attrs"}
        tops.add(os.path.basename(str(one._path)))
    return tops


def digest(folder, found):
    """Changes with the packages' files and with the programs here."""
    hashed = hashlib.sha256()
    tops = sorted({top for one in found.values() for top in modules(one)} - {"bin", "__pycache__"})
    for start, places in (folder, [os.path.join(folder, top) for top in tops]), (HERE, [HERE]):
        for path in sorted(path for place in places for path in files(place)):
            with open(path, "rb") as file:
                content = file.read()
            hashed.update(f"{os.path.relpath(path, start)} {len(content)}\n".encode() + content)
    return hashed.hexdigest()


def files(place):
    if os.path.isfile(place):
        yield place
    for above, folders, names in os.walk(place):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (os.path.join(above, name) for name in names)


def site_folder():
    """Where the box's Python, which is at /usr/bin/python3, looks for packages."""
    library = sysconfig.get_path("stdlib")
    if library.startswith("/usr/lib") and os.path.isdir("/usr/lib/python3/dist-packages"):
        return "usr/lib/python3/dist-packages"
    return "usr/lib/python%d.%d/site-packages" % sys.version_info[:2]


def copy(source, target):
    if os.path.isdir(source):
        shutil.copytree(
            source, target, symlinks=False, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    elif os.path.exists(source):
        shutil.copyfile(source, target)


def copy_libraries(root, site):
    """Copies the shared libraries that compiled modules are linked with, and that neither they nor the box bring."""
    compiled = [os.path.join(f, n) for f, _, names in os.walk(site) for n in names if re.search(r"\.so(\.|$)", n)]
    for start in range(0, len(compiled), 50):
        words = subprocess.run(["ldd", *compiled[start : start + 50]], capture_output=True, text=True).stdout
        for library in set(re.findall(r"=> (/[^ )]+)", words)):
            if library.startswith(root):
                continue
            place = root + "/usr/" + re.sub(r"^/(usr/)?", "", library) if re.match(r"/(usr/)?lib", library) else None
            if place and not os.path.exists(place):
                os.makedirs(os.path.dirname(place), exist_ok=True)
                shutil.copyfile(library, place)


def debian_packages(found):
    """The Debian packages that `apt-get install` may name: those of the list, and those of the Python packages."""
    with open(HERE + "/debian.txt") as file:
        names = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    return names + ["python3-" + re.sub("^py(?!test)", "", name) for name in found] + ["python3-" + name for name in found]


def scripts(found):
    """The console scripts of the distributions: name and what it calls."""
    for one in found.values():
        for point in one.entry_points:
            if point.group == "console_scripts":
                yield point.name, point.value


def make(base, target, folder, roots):
    found, _ = distributions(folder, roots)
    os.umask(0o022)
    root = tempfile.mkdtemp(prefix=os.path.basename(target) + ".", dir=os.path.dirname(target))
    try:
        # The base is never changed: its files are linked, and everything new has a name of its own.
        subprocess.run(["cp", "-al", base + "/.", root], check=True)
        site = os.path.join(root, site_folder())
        os.makedirs(site, exist_ok=True)
        for one in found.values():
            for top in modules(one) - {"bin", "__pycache__", ".."}:
                copy(os.path.join(folder, top), os.path.join(site, top))
        compileall.compile_dir(
            site, quiet=2, stripdir=root, invalidation_mode=__import__("py_compile").PycInvalidationMode.UNCHECKED_HASH)
        copy_libraries(root, site)
        programs = os.path.join(root, "usr/bin")
        for name, value in scripts(found):
            module, _, function = value.partition(":")
            if os.path.lexists(os.path.join(programs, name)) or "/" in name or not module:
                continue
            write(os.path.join(programs, name), SCRIPT % (module, function.split(".")[0].split(" ")[0]))
        for name in os.listdir(HERE + "/shims"):
            with open(f"{HERE}/shims/{name}") as file:
                write(f"{programs}/{name}", file.read().replace("@PACKAGES@", " ".join(debian_packages(found))))
        if not os.path.isdir(site + "/pip"):
            os.makedirs(site + "/pip")
            shutil.copyfile(HERE + "/shims/pip", site + "/pip/__main__.py")
        for link, name in {"pip3": "pip", "apt": "apt-get", "uvx": "uv"}.items():
            os.symlink(name, os.path.join(programs, link))
        os.chmod(root, 0o755)
        try:
            os.rename(root, target)
        except OSError:
            if not os.path.isdir(target):  # otherwise somebody else has made it meanwhile
                raise
    finally:
        shutil.rmtree(root, ignore_errors=True)


SCRIPT = """#!/usr/bin/python3
import sys
from %s import %s as main
sys.exit(main())
"""


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o755)


def main():
    verb, *words = sys.argv[1:]
    if verb == "list":
        folder, *roots = words
        found, missing = distributions(folder, roots)
        compiled = any(n.endswith(".so") for one in found.values() for n in map(str, one.files or []))
        print(json.dumps({
            "versions": {name: one.version for name, one in found.items()}, "missing": missing, "isCompiled": compiled,
            "digest": digest(folder, found),
        }))
    else:
        base, target, folder, *roots = words
        make(base, target, folder, roots)


main()
