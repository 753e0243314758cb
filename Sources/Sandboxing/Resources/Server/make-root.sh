#!/bin/bash
# Makes the system that a box sees: copies of a shell, the core utilities and Python from this machine, and the episode
# server. Usage: make-root.sh SOURCES TARGET PYTHON [PREBUILT]. TARGET appears at once and whole, or not at all. The server
# is taken from the folder PREBUILT, else compiled.
set -euo pipefail
sources=$1 target=$2 python=$3 prebuilt=${4-}
export PATH=/usr/bin:/bin LC_ALL=C
umask 022
root=$(mktemp -d "$target.XXXXXX")
trap 'rm -rf "$root"' EXIT

programs="bash sh ls cat echo rm cp mv mkdir rmdir touch ln head tail wc sort uniq cut tr tee grep egrep fgrep sed
  find xargs diff cmp awk env printf pwd true false test [ date stat du chmod basename dirname readlink
  realpath seq sleep tac nl od which sha256sum md5sum base64 expr timeout nproc id whoami uname
  mktemp paste comm fold truncate dd split shuf install df groups hostname tar gzip"

mkdir -p "$root"/{usr/bin,usr/sbin,usr/lib,usr/lib64,usr/lib/proc,etc,dev,proc,box,server}
for name in bin sbin lib lib64; do ln -s "usr/$name" "$root/$name"; done

if [ -z "$prebuilt" ] && ! command -v cc >/dev/null; then
  echo "there is no C compiler to compile the sandbox's server with: install gcc, or a package of Subterfuge, which has" \
    "the server compiled" >&2
  exit 1
fi

# Copies the libraries that a program or library is linked with, to the places where the loader looks.
copy_libraries() {
  { ldd "$@" 2>/dev/null || true; } | grep -v ':$' | grep -oE '/[^ )]+' | sort -u | while read -r library; do
    case $library in
      /lib* | /usr/lib*) place="$root/usr/${library#/usr/}" ;;
      *) place="$root/usr/lib/${library##*/}" ;; # of a Python that the distribution does not bring
    esac
    mkdir -p "${place%/*}"
    [ -e "$place" ] || cp -L "$library" "$place"
  done
}

files=()
for name in $programs; do
  file=$(type -P "$name") || { echo "the program '$name' is not installed" >&2; exit 1; }
  cp -L "$file" "$root/usr/bin/$name"
  files+=("$file")
done
# The interpreter itself, where the given one is a wrapper or belongs to a virtual environment.
python=$("$python" -I -S -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))')
cp -L "$python" "$root/usr/bin/python3"
ln -s python3 "$root/usr/bin/python"
files+=("$python")
copy_libraries "${files[@]}"

library=$("$python" -I -S -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
case $library in
  /usr/lib*) place=$library ;;
  *) place=/usr/lib/${library##*/} ;; # where /usr/bin/python3 looks for it
esac
mkdir -p "$root$place"
unneeded=(./test ./idlelib ./tkinter ./turtledemo ./ensurepip ./lib2to3 ./pydoc_data ./dist-packages ./site-packages
  './config-*')
tar -C "$library" -cf - "${unneeded[@]/#/--exclude=}" . | tar -C "$root$place" -xf - --no-same-owner
# Compiled once, and never compared with the sources again.
"$python" -I -S -m compileall -q --invalidation-mode unchecked-hash "$root$place" -s "$root"
copy_libraries "$library"/lib-dynload/*.so

# Whoever owns the copies outside is called root inside.
cat >"$root/etc/passwd" <<'END'
root:x:0:0:root:/:/bin/bash
root:x:65534:65534:root:/:/bin/bash
user:x:1000:1000:user:/:/bin/bash
END
printf 'root:x:0:\nroot:x:65534:\nuser:x:1000:\n' >"$root/etc/group"
for name in null zero full random urandom; do : >"$root/dev/$name"; done
ln -s /proc/self/fd "$root/dev/fd"
for number in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${number%:*}" "$root/dev/${number#*:}"; done

cp "$sources/host.py" "$root/server/"
if [ -n "$prebuilt" ]; then
  install -m 755 "$prebuilt/server" "$prebuilt/libserver.so" "$root/server/"
else
  cc -std=c11 -O2 -Wall -Wextra -o "$root/server/server" "$sources"/*.c
  cc -std=c11 -O2 -Wall -Wextra -fPIC -shared -o "$root/server/libserver.so" "$sources"/*.c
fi
chmod 755 "$root"
# Somebody else may have made it meanwhile.
mv -T "$root" "$target" 2>/dev/null || [ -d "$target" ]
