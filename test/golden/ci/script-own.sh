#!/bin/sh
# Written by `hfbench ci init`: gates a change, measures shards of a report, merges them.
#   ci/hfbench.sh gate BASE      exit code of `hfbench gate`: 0 pass, 4 regression, 5 inconclusive, 2 bad input
#   ci/hfbench.sh run I/N        measures its share of the models
#   ci/hfbench.sh merge          one report of all shards
set -eu
models='bert vit*'
reports=hfbench-reports
annotate=
if [ "${GITHUB_ACTIONS:-}" = true ]; then annotate=--annotate; fi
mkdir -p "$reports"
# Names hold no blanks; globs are hfbench's to spread.
set -f

setup() { npm run --silent setup; }
hfbench() { node dist/src/cli/main.js "$@"; }

gate() {
  hfbench gate $models --a-ref "$1" --looks 6,12,24,48 --json "$reports"/gate.json --markdown "$reports"/gate.md --junit "$reports"/gate.xml --code-quality "$reports"/gate.code-quality.json $annotate
}

run() {
  hfbench run $models --shard "$1" --json "$reports/shard-$(echo "$1" | tr '/' '-').json"
}

merge() {
  set +f
  hfbench merge "$reports"/shard-*.json -o "$reports/report.json"
  hfbench export "$reports/report.json" --to markdown -o "$reports/report.md"
  hfbench export "$reports/report.json" --to junit -o "$reports/report.xml"
  hfbench badge "$reports/report.json" --kind coverage -o "$reports/coverage.svg"
}

command=$1
shift
setup
"$command" "$@"
