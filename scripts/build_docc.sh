#!/usr/bin/env bash
# Builds the reference of the Swift library from its doc comments, into .build-docc/Ancestral.doccarchive; every warning is an error.
# The toolchain's own tools do it, so that no package has to depend on DocC's plugin. `import Ancestral` re-exports the layers, and
# their symbols are documented as its own.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly out=.build-docc
layers=$(sed -n 's/^@_exported public import //p' Sources/Ancestral/Ancestral.swift | paste -sd,)
swift build --quiet -c release --product Ancestral
target=$(swift -print-target-info | python3 -c 'import json, sys; print(json.load(sys.stdin)["target"]["triple"])')
rm -rf $out
mkdir -p $out/symbols
swift-symbolgraph-extract -module-name Ancestral -I .build/release/Modules -I Sources/CDigest/include -I Sources/CProcessor/include -I Sources/CLanes/include -target "$target" \
  -experimental-allowed-reexported-modules="$layers" -minimum-access-level public -skip-synthesized-members \
  -output-dir $out/symbols
docc convert --additional-symbol-graph-dir $out/symbols --output-dir $out/Ancestral.doccarchive \
  --fallback-display-name Ancestral --fallback-bundle-identifier ancestral --warnings-as-errors
echo "$out/Ancestral.doccarchive"
