#!/usr/bin/env bash
# Kernels and whole tasks, measured with ordo-one/benchmark: a table here, all numbers as JSON in runs/bench.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p runs/bench
swift package --package-path Benchmarks --scratch-path .build-bench --allow-writing-to-directory "$PWD/runs/bench" \
  benchmark --no-progress --quiet --format jmh --path "$PWD/runs/bench"
python3 scripts/bench_table.py runs/bench/*.json
