"""Reads source files: what is code, what is a comment, what is a string, and where functions and types stand."""

import re
from dataclasses import dataclass, field
from pathlib import Path

SWIFT = {".swift"}
C_FAMILY = {".c", ".h", ".cpp", ".inc"}
HASH_COMMENTS = {".py", ".sh"}
# Words after which a slash begins a regular expression and not a division.
REGEX_CONTEXT = re.compile(r"(?:[(,=:\[{!&|?;]|\b(?:return|in|case|try|await)|^)\s*$", re.MULTILINE)


@dataclass(eq=False)
class Function:
    """A body with its signature: `lines` counts both, `line` is the first (from 1)."""

    line: int
    lines: int
    name: str
    computed: bool = False


@dataclass(eq=False)
class Source:
    """One file. In `code` comments and strings are blank, in `uncommented` only comments; line breaks always stay."""

    path: Path
    text: str
    code: str
    uncommented: str
    strings: list = field(default_factory=list)  # (line, content)

    @property
    def is_swift(self):
        return self.path.suffix in SWIFT

    @property
    def target(self):
        """The folder under Sources or Tests, or the empty string."""
        return self.path.parts[1] if len(self.path.parts) > 2 else ""

    @property
    def length(self):
        return self.text.count("\n") + (not self.text.endswith("\n"))

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1


@dataclass(frozen=True)
class Document:
    """A page of documentation."""

    path: Path
    text: str


def documents(root):
    """README, CONTRIBUTING and the pages of Documentation."""
    paths = [*sorted(root.glob("*.md")), *sorted((root / "Documentation").rglob("*.md"))]
    return [Document(path.relative_to(root), path.read_text(encoding="utf-8")) for path in paths]


def markdown(root):
    """Every Markdown file of the checkout outside folders that are built or fetched (.build, .deps, runs, dist)."""
    folders = ("Documentation", "Engines", "Sources", "Tests", "Benchmarks", "Scripts")
    paths = [*root.glob("*.md"), *(path for folder in folders for path in (root / folder).rglob("*.md"))]
    return [Document(path.relative_to(root), path.read_text(encoding="utf-8")) for path in sorted(paths)]


def read(root, path):
    text = (root / path).read_text(encoding="utf-8")
    if path.suffix in HASH_COMMENTS:
        stripped = re.sub(r"(?m)^\s*#.*$", "", text)
        return Source(path, text, stripped, stripped)
    pieces = list(swift_pieces(text) if path.suffix in SWIFT else c_pieces(text))
    blank = lambda piece: re.sub(r"[^\n]", " ", piece)
    source = Source(
        path, text,
        code="".join(piece if kind == "code" else blank(piece) for kind, piece in pieces),
        uncommented="".join(blank(piece) if kind == "comment" else piece for kind, piece in pieces))
    line = 1
    for kind, piece in pieces:
        if kind == "string":
            source.strings.append((line, piece))
        line += piece.count("\n")
    return source


def swift_pieces(text):
    """Cuts Swift into (kind, text): code, comment or string. An interpolation belongs to its string."""
    start = at = 0
    interesting = re.compile(r'//|/\*|#*"|#+/|/')
    while found := interesting.search(text, at):
        begin, mark = found.start(), found.group()
        if mark == "//":
            kind, end = "comment", line_end(text, begin)
        elif mark == "/*":
            kind, end = "comment", nested_comment_end(text, begin)
        elif mark.endswith('"'):
            kind, end = "string", swift_string_end(text, begin)
        else:
            kind, end = "string", regex_end(text, begin, mark)
        if end is None:
            at = found.end()
            continue
        yield "code", text[start:begin]
        yield kind, text[begin:end]
        start = at = end
    yield "code", text[start:]


def line_end(text, at):
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def nested_comment_end(text, at):
    depth = 0
    for mark in re.finditer(r"/\*|\*/", text[at:]):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return at + mark.end()
    return len(text)


def swift_string_end(text, at):
    """The end of a Swift string literal: plain, multi-line or raw, with interpolations that hold strings themselves."""
    hashes = re.match(r"#*", text[at:]).group()
    quote = '"""' if text.startswith('"""', at + len(hashes)) else '"'
    escape, close = "\\" + hashes, quote + hashes
    at += len(hashes) + len(quote)
    while at < len(text):
        if text.startswith(escape + "(", at):
            at = interpolation_end(text, at + len(escape))
        elif text.startswith(escape, at):
            at += len(escape) + 1
        elif text.startswith(close, at):
            return at + len(close)
        elif quote == '"' and text[at] == "\n":
            return at
        else:
            at += 1
    return len(text)


def interpolation_end(text, at):
    depth = 0
    while at < len(text):
        if text[at] == '"':
            at = swift_string_end(text, at)
            continue
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            break
    return at


def regex_end(text, at, mark):
    """The end of a regular-expression literal, or None when the slash divides."""
    if mark != "/":
        end = text.find("/" + mark[:-1], at + len(mark))
        return None if end < 0 else end + len(mark)
    if not REGEX_CONTEXT.search(text[max(0, at - 40):at]):
        return None
    found = re.compile(r"/(?![\s/*])(?:\\.|[^/\\\n])+/").match(text, at)
    return found and found.end()


C_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|(?m:^[ \t]*\#(?:\\\n|[^\n])*)"""
    r"""|R"(?P<delimiter>[^(\s]*)\(.*?\)(?P=delimiter)"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'""",
    re.DOTALL)


def c_pieces(text):
    """Cuts C and C++ like Swift. A preprocessor line, continued ones included, counts as a string: it is no code."""
    at = 0
    for found in C_TOKEN.finditer(text):
        yield "code", text[at:found.start()]
        yield ("comment" if found.group().startswith("/") else "string"), found.group()
        at = found.end()
    yield "code", text[at:]


def body_end(code, opening):
    depth = 0
    for brace in re.finditer(r"[{}]", code[opening:]):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return opening + brace.end()
    return len(code)


SWIFT_FUNCTION = re.compile(r"(?<![.\w])(?:func\s+(?P<name>`?[^\s(<]+)|(?P<kind>init|subscript)[?!]?\s*(?=[(<])|deinit\b)")
SWIFT_COMPUTED = re.compile(r"\bvar\s+(?P<name>\w+)\s*:[^={}\n]+(?=\{)")
SIGNATURE_GOES_ON = re.compile(r"\s*(?:\{|->|where\b|throws\b|async\b|rethrows\b)")


def swift_body(code, at):
    """The opening brace of the declaration whose name ends at `at`, or None for a requirement of a protocol."""
    depth = 0
    for index in range(at, len(code)):
        char = code[index]
        if char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif depth == 0 and char == "{":
            return index
        elif depth == 0 and char in "};":
            return None
        elif depth == 0 and char == "\n" and not SIGNATURE_GOES_ON.match(code, index):
            if not re.search(r"(?:,|->|&|where)\s*$", code[at:index]):
                return None
    return None


def swift_functions(source):
    for pattern, computed in ((SWIFT_FUNCTION, False), (SWIFT_COMPUTED, True)):
        for found in pattern.finditer(source.code):
            opening = swift_body(source.code, found.end())
            if opening is not None:
                first = source.line_of(found.start())
                last = source.line_of(body_end(source.code, opening) - 1)
                yield Function(first, last - first + 1, (found["name"] or found.group()).strip(" ?!"), computed)


C_CONTAINER = re.compile(r"\b(?:namespace|extern|class|struct|enum|union)\b[^()]*$")


def c_functions(source):
    """Functions of C and C++; a lambda or a block inside one belongs to it."""
    code, at = source.code, 0
    while (opening := code.find("{", at)) >= 0:
        begin = max(code.rfind(mark, 0, opening) for mark in ";{}") + 1
        header = code[begin:opening]
        if "(" not in header or C_CONTAINER.search(header) or header.rstrip().endswith(("=", ",")):
            at = opening + 1
            continue
        at = body_end(code, opening)
        first = source.line_of(begin + len(header) - len(header.lstrip()))
        name = re.search(r"([\w~:]+)\s*\(", header)
        yield Function(first, source.line_of(at - 1) - first + 1, name.group(1) if name else "(unnamed)")


def functions(source):
    return list(swift_functions(source) if source.is_swift else c_functions(source))


def top_level_types(source):
    """Names of the types that a Swift file declares outside all braces."""
    found, depth, at = [], 0, 0
    for mark in re.finditer(r"[{}]|(?<![.\w])(?:class|struct|enum|actor|protocol)\s+(\w+)", source.code):
        if mark.group() in "{}":
            depth += 1 if mark.group() == "{" else -1
        elif depth == 0:
            found.append(mark.group(1))
    return found
