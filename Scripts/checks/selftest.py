"""Shows that every rule can fail, and that the reader of Swift and C finds what it should: python3 Scripts/checks/selftest.py"""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from rules import PAGE_RULES, RULES, links  # noqa: E402
from source import documents, functions, markdown, read, top_level_types  # noqa: E402

# A tree within every rule.
CLEAN = {
    "Sources/Episodes/Clean.swift": 'struct Clean {\n  // TODAY: "}"\n  func text() -> String { "{ \\(name("{")) {" }\n}\n',
    "Sources/Training/Tensor.swift": "package import MLX\n\n// Shapes: B batch.\n\nlet zeros: MLXArray? = nil\n",
    "Sources/Storage/Store.swift": 'internal import GRDB\n\nlet query = "SELECT id FROM episodes"\n',
    "Sources/CMLX/kernel.cpp": "namespace {\nint one(int x) { return x; }\n}\n",
    "Tests/EpisodesTests/CleanTests.swift": "import Testing\n\n@testable import Episodes\n\n@Test func works() {}\n",
} | {f"Sources/Statistics/Small{index}.swift": f"let small{index} = 1\n" for index in range(12)}


def repeated(count, line):
    return "".join(line.replace("§", str(index)) + "\n" for index in range(count))


def function(lines, head="func long() {"):
    return head + "\n" + repeated(lines - 2, "  step(§)") + "}\n"


SHORT = repeated(20, "func short§() {}")

# rule: trees that break it and no other rule. Each adds its files to the clean tree.
VIOLATIONS = {
    "file-length": [{"Sources/Episodes/Long.swift": repeated(701, "let value§ = §")}],
    "file-length-p90": [
        {f"Sources/Episodes/Long{name}.swift": repeated(450, f"let value{name}§ = §") for name in "ABC"}],
    "function-length": [
        {"Sources/Episodes/Long.swift": SHORT + function(81)},
        {"Sources/Episodes/Long.swift": SHORT + "struct Long {\n" + function(81, "var sum: Int {") + "}\n"},
        {"Sources/CMLX/long.cpp": function(81, "int longer(int x) {")},
    ],
    "function-length-median": [{"Sources/Episodes/Long.swift": repeated(9, function(11).replace("step", "step§"))}],
    "function-length-p90": [{"Sources/Episodes/Long.swift": SHORT + repeated(4, function(36).replace("step", "step§"))}],
    "types-per-file": [
        {f"Sources/Episodes/Two{name}.swift": f"struct A{name} {{}}\nenum B{name} {{}}\n" for name in range(20)}],
    "layers": [{"Sources/Episodes/Upward.swift": "import Storage\n"}],
    "imports": [
        {"Sources/Episodes/Confined.swift": "import Yams\n"},
        {"Sources/Episodes/Unknown.swift": "package import Surprise\n"},
        {"Sources/Episodes/Test.swift": "import Testing\n"},
    ],
    "sql": [
        {"Sources/Episodes/Query.swift": 'let query = "DELETE FROM episodes"\n'},
        {"Tests/EpisodesTests/Query.swift": 'let query = """\n  SELECT id\n  FROM episodes\n  """\n'},
    ],
    "forbidden-word": [
        {"Sources/Episodes/Word.swift": "// TODO: later\n"},
        {"Sources/CMLX/word.h": "// FIXME\n"},
        {"Tests/EpisodesTests/Word.swift": "let value = try! work()\n"},
        {"Sources/Episodes/Word.swift": 'func later() { fatalError("not implemented") }\n'},
    ],
    "unchecked": [
        {"Sources/Episodes/Bare.swift": "struct Bare {}\n\nextension Bare: @unchecked Sendable {}\n"},
        {"Sources/Episodes/Four.swift": repeated(4, "// Guarded by a lock.\nextension Box§: @unchecked Sendable {}")},
    ],
    "shape-legend": [{"Sources/Training/Bare.swift": "import MLX\n\nlet weights: MLXArray? = nil\n// Shapes: too late.\n"}],
    "documented": [
        {"Sources/Episodes/Predicate.swift": '  static let guardRenamed: Predicate = "guard_renamed"\n'},
        {"Sources/Training/ExpertIteration/Selection.swift": "enum Rule {\n  case shortest\n}\n"},
    ],
    "prose": [
        {"Documentation/Page.md": "A broken fetch is gone on with.\n"},
        {"Sources/Episodes/Told.swift": 'let message = "The models are not to be had."\n'},
    ],
    "links": [
        {"Documentation/Page.md": "See [another page](Other.md).\n"},
        {"Documentation/Page.md": "# One\nSee [a part](#two).\n"},
        {"README.md": "![a picture](Documentation/Images/none.png)\n"},
        {"Documentation/README.md": "# Index\n", "Documentation/Page.md": "# A page that nobody finds\n"},
        {"Engines/torch/README.md": "# Torch\n[back](../../Documentation/Page.md#the-part)\n",
         "Documentation/Page.md": "```\n# the part\n```\n"},
    ],
    "duplicates": [{
        f"Sources/Episodes/Copy{name}.swift": "".join(
            repeated(8, f"let value{part}x§ = §") + f"let end{name}{part} = 0\n" for part in range(11))
        for name in "AB"}],
}


class Rules(unittest.TestCase):
    def broken_rules(self, added):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            files = CLEAN | added
            for path, text in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            sources = [read(root, Path(path)) for path in sorted(files) if not path.endswith(".md")]
            pages = documents(root)
            found = [violation for rule in RULES for violation in rule(sources)]
            found += [violation for rule in PAGE_RULES for violation in rule(sources, pages)]
            found += links(root, markdown(root))
            return {violation[2] for violation in found}

    def test_clean_tree_passes(self):
        self.assertEqual(self.broken_rules({}), set())

    def test_links_that_lead_somewhere_pass(self):
        self.assertEqual(self.broken_rules({
            "Documentation/Page.md":
                "# A `page`: two, three\n## Same\n## Same\n[a](#a-page-two-three) [b](#same-1) [c](../README.md) `[d](none.md)`\n"
                "[e](https://example.org/none.md) [f](Page.md#same)\n```sh\n[g](none.md)\n```\n",
            "README.md": "[docs](Documentation/) [page](Documentation/Page.md#same)\n"}), set())

    def test_each_violation_breaks_its_rule_alone(self):
        for rule, trees in VIOLATIONS.items():
            for index, added in enumerate(trees):
                with self.subTest(rule=rule, tree=index):
                    self.assertEqual(self.broken_rules(added), {rule})


class Reader(unittest.TestCase):
    def source(self, text, name="Sources/Episodes/A.swift"):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).parent.mkdir(parents=True)
            (Path(folder) / name).write_text(text)
            return read(Path(folder), Path(name))

    def spans(self, source):
        return [(found.name, found.line, found.lines) for found in functions(source)]

    def test_swift_functions_end_at_their_own_brace(self):
        source = self.source(
            'protocol P {\n  func required() -> Int\n  init(x: Int)\n}\n'
            'struct S {\n  func f(\n    _ x: Int\n  ) async throws -> [Int: String]\n  where T: P {\n    /* } /* } */ */ "}\\(g("}"))"\n  }\n'
            '  init?(y: Int) { self.init(x: y) }\n  let pattern = /\\}/\n  let half = a / b\n  func g() { #"}"# + """\n    }\n    """ }\n}\n')
        self.assertEqual(self.spans(source), [("f", 6, 6), ("init", 12, 1), ("g", 15, 3)])

    def test_top_level_types(self):
        source = self.source("struct A { enum Inner {} }\nextension A {}\n// struct No\nactor B {}\nlet c = A.self.class(1)\n")
        self.assertEqual(top_level_types(source), ["A", "B"])

    def test_c_functions(self):
        source = self.source(
            '#define LOOP(x) for (;;) {\nextern "C" {\nstatic int f(int x) {\n  auto g = [](int y) { return y; };\n'
            '  if (x) { puts("}"); }\n  return R"(})" ? 1 : \'}\';\n}\n}\nstruct S {\n  int h() const { return 1\'000; }\n};\n'
            'int table[] = {1, 2};\n', "Sources/CMLX/a.cpp")
        self.assertEqual(self.spans(source), [("f", 3, 5), ("h", 10, 1)])


if __name__ == "__main__":
    unittest.main()
