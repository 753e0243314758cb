#!/usr/bin/env bash
# Prepares a Debian 12 (or Ubuntu 22.04 and later) machine that has Swift: missing apt packages, then MLX and a link to
# OpenBLAS in .deps. Safe to run again; returns at once when everything is there. Nothing but apt is touched outside the
# repository. SUBTERFUGE_SKIP_APT=1 never calls apt and says what is missing instead.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
deps=$root/.deps
pins=$root/Scripts/mlx-requirements.txt
blas="/usr/lib/$(uname -m)-linux-gnu/openblas-pthread/libopenblas.so.0"

work=
trap '[ -z "$work" ] || rm -rf "$work"' EXIT

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: error: %s\n' "$*" >&2; exit 1; }

# Prints the apt packages whose part this machine lacks. They are looked for by what they bring, so that a build from
# source counts as well.
missing_packages() {
  command -v bwrap >/dev/null || echo bubblewrap
  [ -x /usr/bin/python3 ] || echo python3 # the sandbox copies this one, no other will do
  [ -e "$blas" ] || echo libopenblas0-pthread
  [ -e /usr/include/sqlite3.h ] || echo libsqlite3-dev
  has_header curl/curl.h || echo libcurl4-openssl-dev
  has_header openssl/evp.h || echo libssl-dev
  has_header zlib.h || echo zlib1g-dev
  command -v rsvg-convert >/dev/null || echo librsvg2-bin # draws figures as PNG
  command -v eu-stack >/dev/null || echo elfutils # says where a test hangs
  command -v cc >/dev/null || echo gcc # compiles the program that runs inside the sandbox
  mlx_is_ready || python3 -m pip --version >/dev/null 2>&1 || echo python3-pip
}

has_header() { [ -e "/usr/include/$1" ] || [ -e "/usr/include/$(uname -m)-linux-gnu/$1" ]; }

install_packages() {
  local packages as_root=()
  mapfile -t packages < <(missing_packages)
  [ ${#packages[@]} -eq 0 ] && return
  local command="apt-get update && apt-get install -y --no-install-recommends ${packages[*]}"
  [ "${SUBTERFUGE_SKIP_APT:-0}" = 1 ] && fail "missing, and SUBTERFUGE_SKIP_APT=1. As root, run: $command"
  command -v apt-get >/dev/null || fail "this system has no apt; install what brings: ${packages[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || fail "packages are missing and this user may not install them. As root, run: $command"
    as_root=(sudo)
  fi
  say "installing ${packages[*]}"
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${packages[@]}"
  mapfile -t packages < <(missing_packages)
  [ ${#packages[@]} -eq 0 ] || fail "apt finished, but this is still missing: ${packages[*]}"
}

check_swift() {
  local found page=https://www.swift.org/install/linux
  command -v swift >/dev/null || fail "no 'swift' on PATH. Install Swift 6.3 or later: $page"
  found=$(swift --version) || fail "'swift --version' fails (see above). Install what Swift itself needs: $page"
  found=$(sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' <<<"$found")
  [ "$(printf '%s\n' 6.3 "$found" | sort -V | head -n 1)" = 6.3 ] ||
    fail "Swift $found is too old; 6.3 or later is needed: $page"
}

# MLX is ready when the unpacked wheel is the one that the pins name.
mlx_is_ready() { cmp -s "$pins" "$deps/site/mlx.pinned" && [ -e "$deps/site/mlx/lib/libmlx.so" ]; }

# pip compares the wheel with the pinned SHA-256; the folder gets its name only when it is complete.
fetch_mlx() {
  mlx_is_ready && return
  local wheel
  case $(uname -m) in x86_64 | aarch64) ;; *) fail "no MLX wheel is pinned for $(uname -m)" ;; esac
  say "fetching $(sed -n 's/^\(mlx-cpu==[^ ]*\).*/\1/p' "$pins")"
  mkdir -p "$deps"
  work=$(mktemp -d "$deps/fetch.XXXXXX")
  python3 -m pip download --quiet --disable-pip-version-check --no-cache-dir --no-deps --only-binary :all: \
    --require-hashes --dest "$work" --requirement "$pins" ||
    fail "pip could not fetch the pinned MLX wheel (see above). Offline: put the wheel into a folder and set PIP_FIND_LINKS to it"
  wheel=$(echo "$work"/mlx_cpu-*.whl)
  python3 -m zipfile -e "$wheel" "$work/site" || fail "cannot unpack $wheel; is the disk full?"
  cp "$pins" "$work/site/mlx.pinned"
  rm -rf "$deps/site"
  mv "$work/site" "$deps/site"
}

# The package ships no libopenblas.so to link against (that is the -dev package), so the linker gets a name here.
link_openblas() {
  mkdir -p "$deps/lib"
  ln -sfn "$blas" "$deps/lib/libopenblas.so"
}

check_swift
install_packages
fetch_mlx
link_openblas
say "ready"
