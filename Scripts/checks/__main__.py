"""python3 Scripts/checks [ROOT]: checks every source file under ROOT; one line per violation, exit status 1 if any."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from rules import PAGE_RULES, RULES, links  # noqa: E402
from source import C_FAMILY, SWIFT, documents, markdown, read  # noqa: E402


def source_paths(root):
    """Swift, C and C++ under Sources, Tests and Benchmarks; fixtures are data."""
    for folder in ("Sources", "Tests", "Benchmarks"):
        for path in sorted((root / folder).rglob("*")):
            relative = path.relative_to(root)
            if path.suffix in SWIFT | C_FAMILY and "Fixtures" not in relative.parts:
                yield relative


def main(root):
    sources = [read(root, path) for path in source_paths(root)]
    if not sources:
        sys.exit(f"checks: error: no source files under {root}")
    pages = documents(root)
    violations = [violation for rule in RULES for violation in rule(sources)]
    violations += [violation for rule in PAGE_RULES for violation in rule(sources, pages)]
    violations += links(root, markdown(root))
    for path, line, rule, advice in violations:
        print(f"{path}:{line}: {rule}: {advice}")
    print(f"checks: {len(violations)} violations in {len(sources)} files")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
