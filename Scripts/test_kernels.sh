#!/usr/bin/env bash
# Runs the tests that compute with MLX under several of OpenBLAS's kernels, with one thread and with two. OpenBLAS chooses
# kernels by the processor, and their sums round differently: a test that hangs on the last bits passes on one machine and
# fails on the next. Builds nothing: run `swift build --build-tests` first.
#
#   Scripts/test_kernels.sh              all suites, all kernels
#   Scripts/test_kernels.sh JudgingTests only what the filter matches
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

filter=${1:-'^(MLXTests|LanguageModelsTests|TrainingTests|JudgingTests|PoliciesTests)\.'}
# "" leaves the choice to OpenBLAS, as a user's machine does. Kernels whose instructions are missing here are left out: they
# would end the process.
kernels=("" Haswell Zen)
grep -q avx512_bf16 /proc/cpuinfo && kernels+=(Cooperlake)
grep -q avx2 /proc/cpuinfo || kernels=("")

failed=0
for kernel in "${kernels[@]}"; do
  for threads in 1 2; do
    unset OPENBLAS_CORETYPE
    [ -n "$kernel" ] && export OPENBLAS_CORETYPE=$kernel
    # OPENBLAS_NUM_THREADS is for products, CMLX_THREADS for our own pool.
    log=$(OPENBLAS_NUM_THREADS=$threads CMLX_THREADS=$threads \
      swift test ${SWIFT_TEST_FLAGS:-} --skip-build --disable-xctest --no-parallel --filter "$filter" 2>&1)
    status=$?
    echo "${kernel:-chosen by OpenBLAS}, $threads threads: $(grep -E 'Test run with' <<<"$log" | tail -1)"
    if [ $status -ne 0 ]; then
      grep -E '✘|error:' <<<"$log" | head -20
      failed=1
    fi
  done
done
exit $failed
