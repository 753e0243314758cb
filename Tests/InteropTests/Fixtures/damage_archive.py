"""`damage_archive.py KIND FILE`: a log of Inspect as an archive that is broken in one way."""
import json
import struct
import sys
import zipfile

kind, path = sys.argv[1:]
header = json.dumps({"version": 2, "status": "success", "eval": {"task": "t", "model": "m", "dataset": {}}})


def sample(number):
    return json.dumps({"id": number, "epoch": 1, "input": "q", "messages": []})


def write(entries, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, text in entries:
            archive.writestr(name, text)


def patched(find, offset, form, value):
    """Overwrites a field behind the last signature of a kind."""
    data = bytearray(open(path, "rb").read())
    place = data.rfind(find) + offset
    data[place:place + struct.calcsize(form)] = struct.pack(form, value)
    open(path, "wb").write(data)


ENTRY, END = b"PK\1\2", b"PK\5\6"
log = [("header.json", header), ("samples/1_epoch_1.json", sample(1) + " " * 3_000)]
write(log)
if kind == "truncated":
    data = open(path, "rb").read()
    # Cut inside, with the end in place: the directory is where nothing is.
    open(path, "wb").write(data[:20] + data[-22:])
elif kind == "crc":
    patched(ENTRY, 16, "<I", 7)
elif kind == "bomb":
    patched(ENTRY, 24, "<I", 0xF0000000)
elif kind == "ratio":
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20):
            archive.writestr(f"samples/{number}_epoch_1.json", "{}")
    data = bytearray(open(path, "rb").read())
    place = data.find(ENTRY)
    while place >= 0:
        data[place + 24:place + 28] = struct.pack("<I", 0x1FFFFFFF)
        place = data.find(ENTRY, place + 1)
    open(path, "wb").write(data)
elif kind == "overlap":
    patched(ENTRY, 42, "<I", 1)
elif kind == "dots":
    write([("../header.json", header)])
elif kind == "link":
    info = zipfile.ZipInfo("header.json")
    info.external_attr = 0o120777 << 16
    write([(info, "/etc/passwd")])
elif kind == "started":
    write([("_journal/start.json", header)])
elif kind == "method":
    write(log, zipfile.ZIP_LZMA)
elif kind == "encrypted":
    patched(ENTRY, 8, "<H", 1)
elif kind == "count":
    patched(END, 10, "<H", 60_000)
elif kind == "stream":
    data = bytearray(open(path, "rb").read())
    place = data.rfind(b"PK\3\4") + 30 + len("samples/1_epoch_1.json")
    data[place:place + 8] = b"\xff" * 8
    open(path, "wb").write(data)
elif kind == "longer":
    # It unpacks to more than it says.
    patched(ENTRY, 24, "<I", 10)
elif kind == "text":
    open(path, "w").write("not an archive")
elif kind == "empty":
    open(path, "w").close()
elif kind == "other":
    write([("readme.txt", "hello")])
elif kind == "sample":
    write(log + [("samples/2_epoch_1.json", "<html>")])
elif kind == "twice":
    write(log + [("samples/again.json", sample(1))])
