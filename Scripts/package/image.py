#!/usr/bin/env python3
"""image.py TREE ROOT FOLDER: packs a system and a laid out tree as an OCI image into FOLDER and prints its path.

The image is one tar file in OCI's layout: `podman load`, `docker load` (from Docker 25) and `skopeo` read it. The system
ROOT is the first layer; the tree, under /usr/local, the second.
"""

import datetime
import hashlib
import io
import json
import pathlib
import sys
import tarfile

from archive import epoch, tar
from version import version

KIND = "application/vnd.oci.image."


class Layout:
    """The blobs of an image, by digest."""

    def __init__(self):
        self.blobs = {}

    def add(self, data, kind):
        digest = hashlib.sha256(data).hexdigest()
        self.blobs[digest] = data
        return {"mediaType": KIND + kind, "digest": f"sha256:{digest}", "size": len(data)}

    def add_json(self, value, kind):
        return self.add(json.dumps(value, sort_keys=True).encode(), kind)

    def write(self, target, manifest, name):
        annotations = {"org.opencontainers.image.ref.name": name, "io.containerd.image.name": f"subterfuge:{name}"}
        index = {"schemaVersion": 2, "manifests": [manifest | {"annotations": annotations}]}
        entries = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}', "index.json": json.dumps(index).encode()}
        entries |= {f"blobs/sha256/{digest}": data for digest, data in self.blobs.items()}
        with tarfile.open(target, "w") as archive:
            for path, data in sorted(entries.items()):
                info = tarfile.TarInfo(path)
                info.size, info.mtime = len(data), epoch()
                archive.addfile(info, io.BytesIO(data))


def main(tree, root, folder):
    layout = Layout()
    layers = [tar([(root, "")]), tar([(tree, "usr/local/")])]
    created = datetime.datetime.fromtimestamp(epoch(), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    configuration = {
        "architecture": "amd64", "os": "linux", "created": created,
        "config": {
            "Entrypoint": ["/usr/local/bin/subterfuge"], "Cmd": ["--help"], "WorkingDir": "/work",
            "Env": ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"]},
        "rootfs": {
            "type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(raw).hexdigest()}" for raw, _ in layers]},
    }
    manifest = {
        "schemaVersion": 2, "mediaType": KIND + "manifest.v1+json",
        "config": layout.add_json(configuration, "config.v1+json"),
        "layers": [layout.add(packed, "layer.v1.tar+gzip") for _, packed in layers],
    }
    target = pathlib.Path(folder, f"subterfuge-{version()}-linux-x86_64.oci.tar")
    layout.write(target, layout.add_json(manifest, "manifest.v1+json"), version().replace("+", "-"))
    print(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
