#!/usr/bin/env python3
"""Tests of the packaging scripts on a tiny tree: python3 Scripts/package/selftest.py

They need gcc and pip, no network, and seconds. Scripts/package/try.sh tries real packages in bare systems.
"""

import gzip
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import check  # noqa: E402


def run(*command, **options):
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | options.pop("environment", {})
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, env=environment, **options)


def make_tree(folder):
    """A tree with every file that a package must have; its program is a script that prints where it is."""
    tree = folder / "tree"
    for path in check.EXPECTED:
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(path)
    shutil.copy(HERE / "launcher.sh", tree / "bin/subterfuge")
    program = tree / "libexec/subterfuge/subterfuge"
    program.write_text('#!/bin/sh\necho "$0 $*"\n')
    program.chmod(0o755)
    (tree / "libexec/subterfuge/lib").mkdir()
    return tree


class Case(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name).resolve()
        self.tree = make_tree(self.folder)

    def pack(self, script, *more, name="out"):
        out = self.folder / name
        out.mkdir(exist_ok=True)
        done = run(HERE / script, self.tree, *more, out, environment={"SOURCE_DATE_EPOCH": "1700000000"})
        self.assertEqual(done.returncode, 0, done.stderr)
        return pathlib.Path(done.stdout.strip())

    def assert_same_twice(self, script, *more):
        packed = []
        for name, moment in {"out": 1_400_000_000, "again": 1_500_000_000}.items():
            for file in self.tree.rglob("*"):
                os.utime(file, (moment, moment))
            packed.append(self.pack(script, *more, name=name))
        first, second = packed
        self.assertEqual(first.read_bytes(), second.read_bytes())


class CheckTests(Case):
    def link(self, *options):
        source = self.folder / "one.c"
        source.write_text("int one(void) { return 1; }\n")
        library = self.tree / "libexec/subterfuge/lib/libone.so"
        done = run("gcc", "-shared", "-fPIC", "-Wl,--no-as-needed", *options, "-o", library, source)
        self.assertEqual(done.returncode, 0, done.stderr)
        return list(check.problems_of_tree(self.tree))

    def test_a_good_tree_has_no_problem(self):
        self.assertEqual(self.link("-Wl,-rpath,$ORIGIN/../lib"), [])

    def test_an_absolute_path_of_libraries_is_found(self):
        for option in ("--enable-new-dtags", "--disable-new-dtags"):
            found = self.link("-Wl,-rpath,$ORIGIN:/home/me/lib", f"-Wl,{option}")
            self.assertEqual(len(found), 1)
            self.assertIn("looks for libraries in /home/me/lib", found[0])

    def test_a_library_of_elsewhere_is_found(self):
        run("gcc", "-shared", "-o", self.folder / "libother.so", "-x", "c", "/dev/null")
        self.assertIn("needs libother.so", self.link(f"-L{self.folder}", "-lother")[0])
        shutil.copy(self.folder / "libother.so", self.tree / "libexec/subterfuge/lib")
        self.assertEqual(self.link(f"-L{self.folder}", "-lother"), [])

    def test_debugging_information_is_found(self):
        self.assertIn("debugging information", self.link("-g")[0])

    def test_a_newer_c_library_is_found(self):
        newest = check.NEWEST["GLIBC"]
        check.NEWEST["GLIBC"] = (2, 1)
        try:
            self.assertIn("newer than Ubuntu 22.04", self.link()[0])
        finally:
            check.NEWEST["GLIBC"] = newest

    def test_a_missing_file_a_link_and_a_large_package_are_found(self):
        (self.tree / "share/doc/subterfuge/LICENSE").unlink()
        (self.tree / "libexec/subterfuge/alias").symlink_to("subterfuge")
        large = self.folder / "large"
        with large.open("wb") as file:
            file.truncate(70_000_001)
        done = run(HERE / "check.py", self.tree, large)
        self.assertEqual(done.returncode, 1)
        for words in ("LICENSE: is missing", "alias: is a link", "large: 70,000,001 bytes"):
            self.assertIn(words, done.stdout)


class PackageTests(Case):
    def test_the_wheel_installs_and_runs_through_a_link(self):
        wheel = self.pack("wheel.py")
        target = self.folder / "env"
        done = run(
            sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", target, wheel)
        self.assertEqual(done.returncode, 0, done.stderr)
        (self.folder / "link").symlink_to("env/bin/subterfuge")
        said = run(self.folder / "link", "a b", "c").stdout
        self.assertEqual(said, f"{target}/libexec/subterfuge/subterfuge a b c\n")
        licences = list(target.glob("*.dist-info/licenses/LICENSE"))
        self.assertEqual(len(licences), 1)

    def test_the_same_files_give_the_same_bytes(self):
        self.assert_same_twice("wheel.py")
        self.assert_same_twice("tarball.py")
        self.assert_same_twice("image.py", self.tree)

    def test_the_tar_file_runs_where_it_is_unpacked_and_says_what_is_missing(self):
        with tarfile.open(self.pack("tarball.py")) as archive:
            archive.extractall(self.folder / "here")
        (own,) = (self.folder / "here").iterdir()
        self.assertEqual(run(own / "bin/subterfuge").stdout, f"{own}/libexec/subterfuge/subterfuge \n")
        (own / "libexec").rename(own / "elsewhere")
        done = run(own / "bin/subterfuge")
        self.assertEqual(done.returncode, 1)
        self.assertIn("libexec/subterfuge/subterfuge is missing", done.stderr)

    def test_the_image_is_consistent(self):
        with tarfile.open(self.pack("image.py", self.tree)) as archive:
            files = {info.name: archive.extractfile(info).read() for info in archive if info.isfile()}
        for path, data in files.items():
            if path.startswith("blobs/"):
                self.assertEqual(path, f"blobs/sha256/{hashlib.sha256(data).hexdigest()}")

        def blob(descriptor):
            data = files[descriptor["digest"].replace("sha256:", "blobs/sha256/")]
            self.assertEqual(len(data), descriptor["size"])
            return data

        manifest = json.loads(blob(json.loads(files["index.json"])["manifests"][0]))
        layers = [gzip.decompress(blob(layer)) for layer in manifest["layers"]]
        self.assertEqual(
            json.loads(blob(manifest["config"]))["rootfs"]["diff_ids"],
            [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in layers])
        self.assertIn(b"usr/local/libexec/subterfuge/subterfuge", layers[1])


class VersionTests(Case):
    def test_the_version_follows_the_tag(self):
        root = self.folder / "checkout"
        for path, text in {"Sources/subterfuge/Version.swift": 'static let next = "1.2.3"\n', "other": "1"}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        (root / "Scripts/package").mkdir(parents=True)
        script = shutil.copy(HERE / "version.py", root / "Scripts/package")

        def git(*arguments):
            done = run("git", "-C", root, "-c", "user.name=a", "-c", "user.email=a@b", *arguments)
            self.assertEqual(done.returncode, 0, done.stderr)

        for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
            git(*command)
        self.assertRegex(run(sys.executable, script).stdout, r"^1\.2\.3\.dev1\+g[0-9a-f]{12}\n$")
        git("tag", "-a", "v1.2.3", "-m", "one")
        self.assertEqual(run(sys.executable, script).stdout, "1.2.3\n")
        (root / "other").write_text("2")
        self.assertRegex(run(sys.executable, script).stdout, r"^1\.2\.3\.dev1\+g[0-9a-f]{12}\.dirty\n$")
        git("commit", "-qam", "two")
        git("tag", "-a", "v1.3.0", "-m", "two")
        self.assertIn("does not agree with 1.2.3", run(sys.executable, script).stderr)


if __name__ == "__main__":
    unittest.main()
