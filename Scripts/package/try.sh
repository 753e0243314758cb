#!/usr/bin/env bash
# try.sh [--quickstart] ROOT PACKAGE: installs a package in a bare system and uses it there, as root and as a user.
#
# ROOT is a folder with a system, for example one that debootstrap has made:
#   debootstrap --variant=minbase --include=python3-venv bookworm ROOT
# (for Ubuntu with --components=main,universe, jammy and its mirror).
# PACKAGE is a wheel or a tar file. The system gets a folder /try and nothing else: no compiler, no Swift, no bubblewrap.
# Needs root. --quickstart also runs the whole quickstart (10 minutes on two idle cores).
set -euo pipefail
fail() { printf 'try: error: %s\n' "$*" >&2; exit 1; }

whole=0
[ "${1-}" != --quickstart ] || { whole=1; shift; }
[ $# -eq 2 ] || fail "name a system's folder and a package"
system=$1 package=$2
[ -x "$system/usr/bin/bash" ] || fail "$system is no system with a shell"
[ "$(id -u)" -eq 0 ] || fail "only root can enter $system"

# pivot_root and a new /proc, as a container has them. In a chroot, and under a /proc that something covers, the kernel refuses
# boxes their namespaces and their own /proc.
enter() {
  unshare --mount --pid --net --fork --kill-child bash -euc '
    ip link set lo up 2>/dev/null || true
    mount --bind "$1" "$1" && cd "$1" && shift
    mount -t proc proc proc && mount --rbind /dev dev && mount -t tmpfs tmpfs tmp
    pivot_root . mnt && umount -l /mnt
    exec env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/root "$@"' enter "$system" "$@"
}

rm -rf "$system/try" "$system/var/cache/subterfuge"
mkdir -p "$system/try/user"
chown 1000:1000 "$system/try/user"
cp "$package" "$system/try/"
name=/try/${package##*/}

enter bash -euc 'for name in cc gcc swift bwrap; do ! type -P "$name" || { echo "$name is here; that is no bare system"; exit 1; }; done'
case $package in
  *.whl) enter bash -euc "python3 -m venv /try/env && /try/env/bin/pip install --quiet --no-index $name" ;;
  *) enter tar -C /try -xzf "$name" --one-top-level=env --strip-components=1 ;;
esac
enter ln -s /try/env/bin/subterfuge /try/subterfuge

step() {
  printf '\n== %s\n' "$*"
  local start=$SECONDS
  enter "$@" || fail "exit status $?: $*"
  printf '== %s s\n' $((SECONDS - start))
}
user=(setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=/try/user)

step /try/subterfuge --version
# The speed of a busy machine is not what is tried here.
step bash -c '/try/subterfuge doctor || [ "$(/try/subterfuge doctor --json | grep -c "sandbox cannot")" = 0 ]'
step "${user[@]}" bash -c '/try/subterfuge doctor --json | grep -E "bubblewrap|pythonSource|serverIsPrebuilt" || exit 1'
step /try/subterfuge environments selftest
step "${user[@]}" /try/subterfuge evaluate seedling --episodes 8 --name tried --runs /try/user/runs
[ "$whole" = 0 ] || step nice /try/subterfuge run quickstart --runs /try/runs
printf '\ntry: everything works in %s\n' "$(sed -n 's/^PRETTY_NAME=//p' "$system/etc/os-release")"
