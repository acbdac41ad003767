#!/usr/bin/env bash
# The Swift tests under a sanitizer, optimised: scripts/sanitize.sh thread|address|tests [filter]
#
#   thread   races between the engine's threads, in the tests that start some
#   address  bytes out of bounds and after free: the fuzzer of the C functions (scripts/faults/fuzz_c.py) over an instrumented library
#   tests    the same for the Swift tests, but for those of the command-line tool, which start it as another process
#
# Linux. Takes minutes, most of them the build in .build-thread or .build-address, and ends with status 0 when nothing was found.
# Debug builds are a hundred times slower than these and find no more.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:?thread or address}
runtime=$(dirname "$(readlink -f "$(command -v swift)")")/../lib/clang
case $kind in
thread)
  filter=${2:-'SCMDatasetsTests|SCMFilesTests|SCMAnalysisTests|AncestralBridgeTests.(TaskTests|InstanceTests|AnalysisTests)|UniformDAG'}
  swift build --quiet -c release --build-tests --sanitize=thread --scratch-path .build-thread
  clang -O1 -g -shared -fPIC scripts/faults/visible_mutex.c -o .build-thread/visible_mutex.so
  # Two things that the runtime's own, uninstrumented code does look like races; see the two files.
  TSAN_OPTIONS=suppressions=$PWD/scripts/faults/thread_sanitizer.supp LD_PRELOAD=$PWD/.build-thread/visible_mutex.so \
    .build-thread/release/ancestralPackageTests.xctest --testing-library swift-testing --filter "$filter"
  ;;
address)
  swift build --quiet -c release --product AncestralBridge --sanitize=address --scratch-path .build-address
  # Leaks are told from resident memory by the plain run: Python's own, which it leaves to the end of the process, are too many here.
  ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 \
    LD_PRELOAD=$(find "$runtime" -name 'libclang_rt.asan-x86_64.so' | head -1) \
    .venv/bin/python scripts/faults/fuzz_c.py --library .build-address/release/libAncestralBridge.so --calls "${CALLS:-100000}" \
    --seed "${SEED:-0}" --any-memory
  ;;
tests)
  # XCTest itself leaks two objects at its end.
  ASAN_OPTIONS=detect_leaks=0 swift test -c release --sanitize=address --scratch-path .build-address \
    --filter "${2:-.}" --skip AncestralCommandTests
  ;;
*) echo "unknown sanitizer: $kind" >&2 && exit 2 ;;
esac
