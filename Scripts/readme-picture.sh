#!/usr/bin/env bash
# readme-picture.sh [RUN_FOLDER [PICTURE]]: makes the README's picture of a finished run, as the report's page shows it.
# RUN_FOLDER is runs/quickstart by default, PICTURE Documentation/Images/quickstart.png. The report is written anew in a copy, so
# that the picture is one of this program and the run stays as it is. Needs Chromium (apt-get install chromium).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
run=${1:-runs/quickstart}
picture=${2:-$root/Documentation/Images/quickstart.png}
subterfuge=${SUBTERFUGE:-$root/.build/release/subterfuge}
width=1180

fail() { printf 'readme-picture: error: %s\n' "$*" >&2; exit 1; }
[ -f "$run/run.sqlite" ] || fail "'$run' holds no run; make one with 'make quickstart'"
[ -x "$subterfuge" ] || fail "'$subterfuge' is missing; run 'make build', or name the program in SUBTERFUGE"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
  fail "no Chromium; apt-get install chromium"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
name=$(basename "$run")
mkdir -p "$folder/runs/$name"
cp "$run"/run.sqlite* "$folder/runs/$name/"
"$subterfuge" report "$name" --runs "$folder/runs" >"$folder/log" 2>&1 || fail "no report: $(tail -1 "$folder/log")"

# The page's opening part: everything up to the end of its first picture. A page that opens without one is shown by its table of
# checkpoints and environments, the section `gaming`.
python3 - "$folder/runs/$name/report.html" "$folder/opening.html" <<'PYTHON'
import re, sys
page = open(sys.argv[1], encoding="utf-8").read()
start = page.index("<body")
head, body = page[:start], page[start:]
sections = [found.start() for found in re.finditer(r"<section\b", body)] + [body.rindex("</main>")]
figure = re.search(r"<figure\b.*?</figure>", body[:sections[1]], re.DOTALL)
if figure:
    kept = body[:figure.end()] + "</main>"
else:
    at = body.index('<section id="gaming"')
    end = next(place for place in sections if place > at)
    kept = body[:body.index(">") + 1] + "<main>" + body[at:end] + "</main>"
for folded in ("nav", "details"):
    kept = re.sub(rf"<{folded}\b.*?</{folded}>", "", kept, flags=re.DOTALL)
# The page forbids scripts; the copy is measured by one.
head = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", head)
measure = "<script>document.title = 'height ' + Math.ceil(document.querySelector('main').getBoundingClientRect().bottom)</script>"
open(sys.argv[2], "w", encoding="utf-8").write(head + kept + measure + "</body></html>")
PYTHON

browse() {
  "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$folder/profile" \
    --force-color-profile=srgb "--window-size=$width,${height:-900}" "$@" "file://$folder/opening.html" 2>"$folder/browser.log"
}
height=$(browse --dump-dom | sed -n 's/.*<title>height \([0-9]*\)<\/title>.*/\1/p' | head -1)
[ -n "$height" ] || fail "Chromium could not measure the page: $(tail -1 "$folder/browser.log")"
height=$((height + 24))
browse "--screenshot=$folder/picture.png" >/dev/null
[ -s "$folder/picture.png" ] || fail "Chromium made no picture: $(tail -1 "$folder/browser.log")"
mkdir -p "$(dirname "$picture")"
mv "$folder/picture.png" "$picture"
echo "$picture: $width x $height, $(stat -c %s "$picture") bytes"
