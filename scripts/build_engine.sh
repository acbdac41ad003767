#!/usr/bin/env bash
# Builds the engine's shared library for Python: scripts/build_engine.sh FILE
# `make engine` and the wheel's build hook (hatch_build.py) both come here, so that they can't differ.
set -euo pipefail
target=${1:?name the file to write, such as python/ancestral/_lib/libAncestralBridge.so}
[[ $target == /* ]] || target=$PWD/$target
cd "$(dirname "$0")/.."

readonly scratch=.build-engine
# The library carries Swift's runtime (for a dynamic library this flag is the one that works), and no path of the machine that built it.
flags=(-Xswiftc -static-stdlib -Xcc "-ffile-prefix-map=$PWD=." -Xswiftc -file-prefix-map -Xswiftc "$PWD=.")
if [[ $(uname -s) == Linux ]]; then
  # Only the header's functions are exported, and symbols are stripped. lld comes with Swift; gold, Swift's default, is not in every binutils
  # any more, and leaves local names in the dynamic table.
  flags+=(
    -Xswiftc -use-ld=lld -Xlinker --version-script=Sources/CAncestral/exports.map -Xlinker --gc-sections
    -Xlinker -soname=libAncestralBridge.so -Xlinker -s)
fi

swift build --quiet -c release --product AncestralBridge --scratch-path $scratch "${flags[@]}"
mkdir -p "$(dirname "$target")"
cp "$scratch/release/$(basename "$target")" "$target.new"
mv "$target.new" "$target"
