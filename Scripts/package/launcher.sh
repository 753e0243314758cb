#!/bin/sh
# Starts Subterfuge from the folder that it is installed in, also through symbolic links.
own=$(readlink -f "$0")
program=${own%/bin/*}/libexec/subterfuge/subterfuge
if [ ! -x "$program" ]; then
  echo "Error: $program is missing. Install Subterfuge again, or keep its bin and libexec folders together." >&2
  exit 1
fi
# Where distributions other than Debian keep the certificates that HTTPS is checked against.
if [ -z "$SSL_CERT_FILE" ] && [ -z "$SSL_CERT_DIR" ]; then
  for file in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem; do
    [ ! -e "$file" ] || { export SSL_CERT_FILE="$file"; break; }
  done
fi
exec "$program" "$@"
