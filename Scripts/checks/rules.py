"""The rules. Each takes all sources and yields (path, line, rule, what to do)."""

import re
from statistics import median

from links import broken_links
from source import functions, top_level_types
from tables import LAYERS, SYSTEM_MODULES, TEST_MODULES, THIRD_PARTY

FILE_P90, FILE_MAX = 400, 700
FUNCTION_MEDIAN, FUNCTION_P90, FUNCTION_MAX = 10, 35, 80
TYPES_MEDIAN = 1
DUPLICATE_LINES, DUPLICATE_PAIRS = 8, 10
UNCHECKED_SENDABLE_MAX = 3


def percentile(values, share):
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)] if ordered else 0


def file_length(sources):
    for source in sources:
        if source.length > FILE_MAX:
            yield source.path, 1, "file-length", f"{source.length} lines, at most {FILE_MAX}: split it by concept"
    if percentile([source.length for source in sources], 0.9) >= FILE_P90:
        longest = max(sources, key=lambda source: source.length)
        yield longest.path, 1, "file-length-p90", f"the 90th percentile of all files must be under {FILE_P90} lines: split the longest"


def function_length(sources):
    """The longest function holds for every language; median and 90th percentile for Swift (kernels in C are long)."""
    found = [(function, source) for source in sources for function in functions(source)]
    for function, source in found:
        if function.lines > FUNCTION_MAX:
            yield (source.path, function.line, "function-length",
                   f"{function.name} has {function.lines} lines, at most {FUNCTION_MAX}: give its parts names")
    counted = [(function, source) for function, source in found if source.is_swift and not function.computed]
    if not counted:
        return
    lengths = [function.lines for function, _ in counted]
    longest, where = max(counted, key=lambda pair: pair[0].lines)
    for rule, value, most in (
        ("function-length-median", median(lengths), FUNCTION_MEDIAN),
        ("function-length-p90", percentile(lengths, 0.9), FUNCTION_P90),
    ):
        if value > most:
            yield (where.path, longest.line, rule,
                   f"{value:g} lines over all Swift functions, at most {most}: shorten the longest, from this one on")


def types_per_file(sources):
    counts = {source: len(top_level_types(source)) for source in sources if source.is_swift and in_sources(source)}
    if counts and median(counts.values()) > TYPES_MEDIAN:
        most = max(counts, key=counts.get)
        yield most.path, 1, "types-per-file", f"the median file declares more than {TYPES_MEDIAN} top-level type: one concept, one file"


IMPORT = re.compile(
    r"^\s*(?:@\w+\s+)*(?:public |package |internal |private |fileprivate )?import\s+"
    r"(?:(?:struct|class|enum|protocol|func|let|var|typealias)\s+)?(\w+)", re.MULTILINE)


def imports(sources):
    for source in sources:
        if not source.is_swift:
            continue
        in_tests = source.path.parts[0] == "Tests"
        for found in IMPORT.finditer(source.code):
            module, line = found.group(1), source.line_of(found.start(1))
            if module in SYSTEM_MODULES or (module in TEST_MODULES and (in_tests or source.target == "TestSupport")):
                continue
            if module in LAYERS:
                if in_sources(source) and module not in LAYERS.get(source.target, ()):
                    yield (source.path, line, "layers",
                           f"{source.target} may not import {module}; dependencies point downward (Scripts/checks/tables.py)")
            elif module not in THIRD_PARTY:
                yield source.path, line, "imports", f"{module} is not in the import table (Scripts/checks/tables.py)"
            elif in_sources(source) and source.target not in THIRD_PARTY[module]:
                yield (source.path, line, "imports",
                       f"only {', '.join(THIRD_PARTY[module])} may import {module}; ask that target instead")


SQL = re.compile(
    r"\b(?:SELECT\b[^\"]*\bFROM|INSERT (?:OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|(?:CREATE|DROP|ALTER) (?:TABLE|INDEX)|PRAGMA \w)")


def sql(sources):
    for source in sources:
        if source.target in ("Storage", "StorageTests"):
            continue
        for line, text in source.strings:
            if SQL.search(text):
                yield source.path, line, "sql", "SQL lives in Storage only: give Storage a named method and call it"


WORDS = (
    (re.compile(r"\b(?:TODO|FIXME|XXX)\b"), "text", "do it, or write down why not in Documentation/Log.md"),
    (re.compile(r"\btry!"), "code", "let the error go up, or handle it here"),
    (re.compile(r"\bas!"), "code", "cast with 'as?' and say what is wrong when it fails"),
    (re.compile(r"fatalError\(\s*\"(?:not |un)implemented"), "uncommented", "write it, or leave the declaration out"),
)


def words(sources):
    for source in sources:
        for pattern, view, advice in WORDS:
            for found in pattern.finditer(getattr(source, view)):
                yield source.path, source.line_of(found.start()), "forbidden-word", f"'{found.group()}': {advice}"


UNCHECKED = re.compile(r"@unchecked\s+Sendable|nonisolated\(unsafe\)")


def unchecked(sources):
    seen = []
    for source in filter(in_sources, sources):
        lines = source.text.split("\n")
        for found in UNCHECKED.finditer(source.code):
            line = source.line_of(found.start())
            if found.group().startswith("@"):
                seen.append((source, line))
            above = lines[line - 2].strip() if line > 1 else ""
            if not above.startswith("//"):
                yield source.path, line, "unchecked", f"'{found.group()}' needs one sentence why it is safe on the line above"
    for source, line in seen[UNCHECKED_SENDABLE_MAX:]:
        yield source.path, line, "unchecked", f"more than {UNCHECKED_SENDABLE_MAX} '@unchecked Sendable' in the project: use an actor or a lock"


TENSOR_TARGETS = ("LanguageModels", "Training")


def shape_legend(sources):
    for source in sources:
        if in_sources(source) and source.target in TENSOR_TARGETS and "MLXArray" in source.code:
            header = re.match(r"(?:[ \t]*(?://[^\n]*|(?:\w+ )?import [^\n]*)?\n)*", source.text).group()
            if not re.search(r"\bshapes?\b", header, re.IGNORECASE):
                yield source.path, 1, "shape-legend", "begin with a comment 'Shapes: B batch, L length, D width': this file has tensors"


def duplicates(sources):
    pairs = duplicate_pairs(sources)
    if len(pairs) > DUPLICATE_PAIRS:
        for (left, first), (right, second), lines in pairs:
            yield (left.path, first, "duplicates",
                   f"{lines} lines stand again at {right.path}:{second}; {len(pairs)} such pairs, at most {DUPLICATE_PAIRS}: let one piece serve both")


def duplicate_pairs(sources):
    """Pairs of places with at least DUPLICATE_LINES equal lines in a row, most first.

    Blank lines, comments, lone punctuation and imports do not count; white space is folded.
    """
    places, windows = {}, {}
    for source in sources:
        lines = [(number, " ".join(line.split())) for number, line in enumerate(source.uncommented.split("\n"), 1)]
        kept = [(number, line) for number, line in lines
                if re.search(r"\w", line) and not re.match(r"(?:import|from|#include|(?:public |package |internal )import)\b", line)]
        places[source.path] = (source, kept)
        for at in range(len(kept) - DUPLICATE_LINES + 1):
            key = tuple(line for _, line in kept[at:at + DUPLICATE_LINES])
            windows.setdefault(key, []).append((source.path, at))
    runs = {}
    for spots in windows.values():
        for index, (left, i) in enumerate(spots):
            for right, j in spots[index + 1:]:
                runs.setdefault((left, right, j - i), []).append(i)
    found = []
    for (left, right, shift), starts in runs.items():
        for first, last in stretches(sorted(starts)):
            if left == right and shift < DUPLICATE_LINES:
                continue
            found.append(((places[left][0], places[left][1][first][0]),
                          (places[right][0], places[right][1][first + shift][0]), last - first + DUPLICATE_LINES))
    return sorted(found, key=lambda pair: -pair[2])


def stretches(numbers):
    """Splits sorted numbers into (first, last) of each unbroken run."""
    first = last = numbers[0]
    for number in numbers[1:]:
        if number != last + 1:
            yield first, last
            first = number
        last = number
    yield first, last


# Files whose names people type or read, and what in them has to stand in the documentation.
DOCUMENTED = {
    "Sources/Episodes/Predicate.swift": re.compile(r'let \w+: Predicate = "(\w+)"'),
    "Sources/Training/ExpertIteration/Selection.swift": re.compile(r'case \w+ = "(\w+)"|^  case (\w+)$', re.M),
}


def documented(sources, documents):
    """Every predicate and every selection rule stands in the documentation in code marks."""
    pages = "\n".join(document.text for document in documents)
    for source in sources:
        names = DOCUMENTED.get(source.path.as_posix())
        for found in names.finditer(source.text) if names else ():
            name = next(filter(None, found.groups()))
            if f"`{name}`" not in pages:
                yield (source.path, source.line_of(found.start()), "documented",
                       f"no page of Documentation explains `{name}`: add a row")


# What reads as if translated, and what to write. Each is a phrase that a reader stumbled over.
STILTED = (
    (re.compile(r"\bare not to be had\b|\bis not to be had\b"), "say who cannot find what"),
    (re.compile(r"\bgone on with\b|\bgone on from\b"), "resumes, continues"),
    (re.compile(r"\bwhich is what\b"), "name the thing"),
    (re.compile(r"\bis none of\b|\bare none of\b"), "is not one of"),
    (re.compile(r"\bHow sure\b"), "confidence"),
    (re.compile(r"\bsays so much\b|\bsay so much\b"), "give the quantity and its unit"),
    (re.compile(r"\bthe right way round\b"), "inverted, not inverted"),
)


def prose(sources, documents):
    """Phrases that a native technical writer would not write, in documentation, messages and comments."""
    for text in (*documents, *(source for source in sources if in_sources(source))):
        if text.path.name == "Log.md":
            continue  # dated entries are not rewritten
        for number, line in enumerate(text.text.split("\n"), 1):
            for phrase, advice in STILTED:
                if found := phrase.search(line):
                    yield text.path, number, "prose", f"'{found.group()}': write instead: {advice}"


def links(root, pages):
    """Every relative link of a Markdown file leads to a file, and every anchor to a heading."""
    for page in pages:
        for line, problem in broken_links(root, page):
            yield page.path, line, "links", f"{problem}: correct the link"
    index = next((page for page in pages if page.path.as_posix() == "Documentation/README.md"), None)
    for page in pages if index else ():
        if page.path.parent == index.path.parent and page != index and f"]({page.path.name})" not in index.text:
            yield page.path, 1, "links", "no entry in Documentation/README.md: add a sentence that says what the page is for"


def in_sources(source):
    return source.path.parts[0] == "Sources"


RULES = (file_length, function_length, types_per_file, imports, sql, words, unchecked, shape_legend, duplicates)
# Of sources and documents.
PAGE_RULES = (documented, prose)
