#!/usr/bin/env bash
# Fetches MLX (PyPI wheel) and OpenBLAS (Debian) into .deps. To be hardened (checksum, apt list) by the house keeper.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd); deps=$root/.deps
MLX_VERSION=${MLX_VERSION:-0.32.4}
mkdir -p "$deps"
ldconfig -p | grep -q 'libopenblas.so.0' || { apt-get update -q; apt-get install -y -q libopenblas0-pthread; }
if [ ! -f "$deps/mlx-$MLX_VERSION.ok" ]; then
  rm -rf "$deps/wheel" "$deps/site"
  python3 -m pip download -q --no-deps --only-binary :all: -d "$deps/wheel" "mlx-cpu==$MLX_VERSION"
  mkdir -p "$deps/site"; (cd "$deps/site" && python3 -m zipfile -e "$deps"/wheel/mlx_cpu-*.whl .)
  touch "$deps/mlx-$MLX_VERSION.ok"
fi
blas=$(ls /usr/lib/*-linux-gnu/openblas-pthread/libopenblas.so.0)
mkdir -p "$deps/lib"; ln -sf "$blas" "$deps/lib/libopenblas.so"
