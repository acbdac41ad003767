#!/usr/bin/env bash
# Shows that another package can depend on this one by version: the committed state is cloned, given its version as a tag, and put by a
# mirror in the place of the address that examples/swift-package names. What the example prints is compared with its README.
set -euo pipefail
cd "$(dirname "$0")/.."

# Compiled dependencies are kept between runs; the clone, the tag and all that SwiftPM remembers of them are new each time.
readonly work=$PWD/.build-example
version=$(sed -n 's/^public let ancestralVersion = "\(.*\)"$/\1/p' Sources/SCMBase/Version.swift)
rm -rf "$work"/{ancestral,package,cache,security} "$work"/scratch/{checkouts,repositories}/ancestral*
mkdir -p "$work"
git clone --quiet --no-local . "$work/ancestral"
git -C "$work/ancestral" tag "$version"
cp -r examples/swift-package "$work/package"
cd "$work/package"

swift package --scratch-path "$work/scratch" config set-mirror \
  --original https://git.example.org/ancestral.git --mirror "file://$work/ancestral" >/dev/null
swift build --quiet -c release --scratch-path "$work/scratch" --cache-path "$work/cache" --security-path "$work/security"
said=$("$work/scratch/release/Hello")
echo "$said"
diff <(sed -n '/^```$/,/^```$/p' README.md | sed '1d;$d') <(echo "$said") || {
  echo "The example doesn't print what its README says." >&2
  exit 1
}
echo "The example built against version $version."
