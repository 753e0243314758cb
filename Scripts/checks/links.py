"""Links of Markdown files: every relative link leads to a file, and every anchor to a heading of it."""

import re
from pathlib import Path

CODE = re.compile(r"^(```|~~~).*?^\1[^\n]*$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^()\s>]+)>?(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
ANCHOR = re.compile(r"<a\s+(?:id|name)=\"([^\"]+)\"")


def blank(text):
    """The text with code removed, line by line the same: what is in code is no link and no heading."""
    return CODE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def anchors(text):
    """The anchors of a page as GitHub makes them: lower case, without punctuation, hyphens for spaces, numbered if repeated."""
    fences = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.DOTALL | re.MULTILINE)
    found, seen = set(ANCHOR.findall(text)), {}
    for heading in HEADING.findall(fences.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        count = seen.get(slug, 0)
        seen[slug] = count + 1
        found.add(f"{slug}-{count}" if count else slug)
    return found


def broken_links(root, page):
    """(line, what to do) for each link of a page that leads nowhere. Addresses of the web are not opened."""
    text = blank(page.text)
    for found in LINK.finditer(text):
        target = found.group(1)
        if re.match(r"[a-z][a-z0-9+.-]*:|//", target):
            continue
        line = text.count("\n", 0, found.start()) + 1
        name, _, anchor = target.partition("#")
        path = (root / page.path.parent / name) if name else root / page.path
        if not path.exists():
            yield line, f"'{target}' leads to no file"
        elif anchor and path.suffix == ".md" and anchor not in anchors(path.read_text(encoding="utf-8")):
            yield line, f"'{target}': {Path(path).name} has no heading with this anchor"
