#!/usr/bin/env bash
# package.sh wheel|tarball|image...: makes packages in dist/, all from one laid out tree, with the tree's SBOM and SHA256SUMS.
# The same commit, toolchain and system packages give the same bytes.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
scripts=$root/Scripts/package
tree=$root/.build/package-tree
system=$root/.build/package-root
dist=$root/dist
export PYTHONDONTWRITEBYTECODE=1

fail() { printf 'package: error: %s\n' "$*" >&2; exit 1; }

# The image's system: Debian without what it has no use for.
make_system() {
  command -v debootstrap >/dev/null || fail "'debootstrap' is missing; as root: apt-get install debootstrap"
  [ "$(id -u)" -eq 0 ] || fail "only root can make the image's system; Scripts/package/Containerfile needs no root"
  rm -rf "$system"
  debootstrap --variant=minbase --include=python3,ca-certificates bookworm "$system" >"$system.log" 2>&1 ||
    fail "debootstrap failed; see $system.log"
  rm -rf "$system"/{dev,proc,sys,tmp,run,var/cache,var/lib/apt/lists,var/log,usr/share/doc,usr/share/man,usr/share/locale}
  mkdir -p "$system"/{dev,proc,sys,tmp,run,work,var/cache/apt/archives/partial,var/lib/apt/lists/partial,var/log}
  rm -f "$system/etc/machine-id" "$system/etc/resolv.conf" "$system/etc/hostname"
  chmod 1777 "$system/tmp"
}

[ $# -gt 0 ] || fail "name what to make: wheel, tarball, image"
"$scripts/stage.sh" "$tree"
mkdir -p "$dist"
version=$(python3 "$scripts/version.py")
for file in "$dist"/subterfuge-*; do # what other commits gave
  case ${file##*/} in "subterfuge-$version-"*) ;; *) rm -f "$file" ;; esac
done
for kind in "$@"; do
  case $kind in
    wheel)
      file=$(python3 "$scripts/wheel.py" "$tree" "$dist")
      python3 "$scripts/check.py" "$tree" "$file" # its size, too
      ;;
    tarball) file=$(python3 "$scripts/tarball.py" "$tree" "$dist") ;;
    image)
      make_system
      file=$(python3 "$scripts/image.py" "$tree" "$system" "$dist")
      ;;
    *) fail "'$kind' cannot be made; wheel, tarball and image can" ;;
  esac
  echo "$file: $(stat -c %s "$file") bytes"
done
cp "$tree/share/doc/subterfuge/sbom.cdx.json" "$dist/subterfuge-$version.cdx.json"
(cd "$dist" && sha256sum -- subterfuge-* >SHA256SUMS)
