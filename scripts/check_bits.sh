#!/usr/bin/env bash
# Shows that whole tasks have the same bits from every kind of build: debug and release, and on x86-64 each level of
# processor that this machine can run, from the baseline up, for the kernels and for all the rest. One small program is built
# in each way and compares what it computes with Tests/Vectors/golden.json, with the kernels of each level in turn. A program is kept until its sources change, so a second run only runs them.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly golden=Tests/Vectors/golden.json
# One folder for all: the dependencies, which don't look at ANCESTRAL_MARCH, are compiled once for debug and once for release.
readonly scratch=.build-bits
sources=$({
  swift --version 2>/dev/null
  find Package.swift Sources Tests/Support Tests/GoldenBits -type f | LC_ALL=C sort | xargs cksum
} | cksum)
readonly sources

# check NAME CONFIGURATION [MARCH]
check() {
  local name=$1 configuration=$2 result
  local program=$scratch/GoldenBits-$name
  if [[ ! -x $program || $(cat "$program.sources" 2>/dev/null) != "$sources" ]]; then
    # In debug everything is built, because that is where the compiler checks every use of pointers.
    local product=(--product GoldenBits)
    [[ $configuration != debug ]] || product=()
    env ${3:+ANCESTRAL_MARCH="$3"} \
      swift build --quiet --configuration "$configuration" --scratch-path $scratch "${product[@]}" || return 1
    cp "$scratch/$configuration/GoldenBits" "$program"
    echo "$sources" >"$program.sources"
  fi
  local level status=0
  for level in "${levels[@]}"; do
    if result=$(ANCESTRAL_KERNELS=$level "$program" $golden 2>&1); then
      printf 'same bits: %-18s kernels: %-9s %s\n' "$name" "$level" "$result"
    else
      printf 'OTHER BITS: %s, kernels: %s\n%s\n' "$name" "$level" "$result" >&2
      status=1
    fi
  done
  return $status
}

# Whether the processor has all of the features.
has() {
  local feature
  for feature in "$@"; do grep -qw "$feature" /proc/cpuinfo || return 1; done
}

# The kernels' levels that the processor has.
levels=(baseline)
if [[ $(uname -s)-$(uname -m) == Linux-x86_64 ]]; then
  if has avx2 fma bmi2; then levels+=(v3); fi
  if has avx512f avx512bw avx512cd avx512dq avx512vl; then levels+=(v4); fi
fi
readonly levels

status=0
check debug debug || status=1
if [[ $(uname -s)-$(uname -m) == Linux-x86_64 ]]; then
  check x86-64 release x86-64 || status=1
  if has avx512f avx512bw avx512cd avx512dq avx512vl; then check x86-64-v4 release x86-64-v4 || status=1; fi
  check x86-64-v3 release x86-64-v3 || status=1
  # What modules share by name is linked once, from any of them: such a function of a higher level could meet an older processor.
  shared=$(nm --defined-only $scratch/release/SCMKernels*.build/*.o | awk '$2 ~ /[TW]/ && $3 !~ /SCMKernels/ { print $3 }')
  if [[ -n $shared ]]; then
    printf 'FUNCTIONS OF KERNELS THAT ARE NOT THEIR OWN:\n%s\n' "$shared" >&2
    status=1
  fi
else
  check release release || status=1
fi
exit $status
