#!/usr/bin/env bash
# parts.sh FOLDER: builds the two parts of a package that are not taken from the machine as they are, from the
# distribution's patched sources: bubblewrap as one static program, and a libcurl that speaks HTTP and HTTPS only
# (the distribution's own needs 25 further libraries). Their sources stay in FOLDER/sources, for a release. Safe to run
# again; returns at once when everything is there.
set -euo pipefail
mkdir -p "$1/sources" "$1/apt/lists/partial" "$1/apt/archives/partial"
parts=$(cd "$1" && pwd)
log=$parts/build.log

say() { printf 'parts: %s\n' "$*"; }
fail() { printf 'parts: error: %s\n' "$*" >&2; exit 1; }

# apt as this machine has it set up, with the sources of its own suites, its files in $parts.
apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$parts/apt/sources.list" -o Dir::Etc::sourceparts="$parts/apt/sources.list.d" \
    -o Dir::State::lists="$parts/apt/lists" -o Dir::Cache::archives="$parts/apt/archives" \
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User= "$@"
}

list_sources() {
  mkdir -p "$parts/apt/sources.list.d"
  sed -n 's/^deb /deb /p; s/^deb /deb-src /p' /etc/apt/sources.list >"$parts/apt/sources.list" 2>/dev/null || true
  local file
  for file in /etc/apt/sources.list.d/{debian,ubuntu}.sources; do
    [ ! -e "$file" ] || sed 's/^Types:.*/Types: deb deb-src/' "$file" >"$parts/apt/sources.list.d/${file##*/}"
  done
  apt update >>"$log" 2>&1 || fail "apt cannot read the package lists; see $log"
}

# Prints the folder of the unpacked source package.
unpack() {
  (cd "$parts/sources" && apt source --download-only "$1" >>"$log" 2>&1) || fail "apt cannot fetch the source of $1; see $log"
  local folder=$parts/build/$1
  rm -rf "$folder"
  mkdir -p "$parts/build"
  dpkg-source -x "$parts/sources/$1"_*.dsc "$folder" >>"$log" 2>&1 || fail "cannot unpack the source of $1; see $log"
  dpkg-parsechangelog -l "$folder/debian/changelog" -S Version >"$parts/$1.version"
  cp "$folder/debian/copyright" "$parts/$1.copyright"
  echo "$folder"
}

build_bubblewrap() {
  local folder
  folder=$(unpack bubblewrap)
  (cd "$parts/build" && apt download libcap-dev >>"$log" 2>&1 && dpkg -x libcap-dev_*.deb libcap) ||
    fail "apt cannot fetch libcap-dev; see $log"
  dpkg-deb -f "$parts"/build/libcap-dev_*.deb Version >"$parts/libcap2.version"
  cp "$parts/build/libcap/usr/share/doc/libcap-dev/copyright" "$parts/libcap2.copyright"
  cd "$folder"
  printf '#define PACKAGE_STRING "bubblewrap %s"\n' "$(cat "$parts/bubblewrap.version")" >config.h
  gcc -O2 -D_GNU_SOURCE -I. -I"$parts/build/libcap/usr/include" -static -s -o "$parts/bwrap" \
    bubblewrap.c bind-mount.c network.c utils.c "$parts"/build/libcap/usr/lib/*/libcap.a >>"$log" 2>&1 ||
    fail "bubblewrap cannot be compiled; see $log"
}

# Without a list of certificates of its own, it asks OpenSSL, and thereby SSL_CERT_FILE.
build_curl() {
  local folder patch options=(
    --disable-static --enable-shared --enable-versioned-symbols --with-openssl --with-ca-fallback --without-ca-bundle
    --without-ca-path --disable-docs --disable-manual --disable-unix-sockets --disable-ntlm --disable-tls-srp)
  for name in ftp file ldap ldaps rtsp dict telnet tftp pop3 imap smb smtp gopher mqtt alt-svc hsts; do
    options+=("--disable-$name")
  done
  for name in libpsl libssh2 nghttp2 libidn2 librtmp brotli zstd zlib gssapi; do options+=("--without-$name"); done
  folder=$(unpack curl)
  cd "$folder"
  # Debian's last two patches rename the library for its builds with GnuTLS and NSS.
  for patch in 99_nss 90_gnutls; do
    ! grep -qx "$patch.patch" debian/patches/series || patch -R -p1 -s <"debian/patches/$patch.patch"
  done
  { ./configure --quiet "${options[@]}" && make -C lib -j"$(nproc)" AUTOCONF=: AUTOMAKE=: ACLOCAL=: AUTOHEADER=:; } \
    >>"$log" 2>&1 || fail "curl cannot be compiled; see $log"
  cp -L lib/.libs/libcurl.so.4 "$parts/libcurl.so.4"
}

[ -e "$parts/bwrap" ] && [ -e "$parts/libcurl.so.4" ] && exit
: >"$log"
for program in gcc make dpkg-source patch; do
  command -v "$program" >/dev/null || fail "'$program' is missing; as root: apt-get install gcc make dpkg-dev patch"
done
say "fetching sources"
list_sources
say "building bubblewrap and curl (2 minutes; $log)"
(build_bubblewrap)
(build_curl)
rm -rf "$parts/build" "$parts/apt"
say "ready"
