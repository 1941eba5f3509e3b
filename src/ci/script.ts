// The shell script that every pipeline calls: what is gated and how stands in one place, and runs on a desk too.

export interface PipelineOptions {
  /** Names of zoo models, or paths of ONNX files of the repository. */
  models: readonly string[];
  /** Git URL of hfbench; null: the repository is hfbench itself, and its own commits are compared. */
  hfbench: string | null;
  /** Jobs that share the measuring of a report. */
  shards: number;
}

export interface PipelineFile {
  path: string;
  text: string;
  executable?: true;
}

export const SCRIPT = 'ci/hfbench.sh';

/** One word for a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Shared runners are noisy: more looks let a cell go on until it is decided. */
const GATE_FLAGS = '--looks 6,12,24,48';

const files = (name: string): string =>
  [
    `--json ${name}.json`,
    `--markdown ${name}.md`,
    `--junit ${name}.xml`,
    `--code-quality ${name}.code-quality.json`,
  ].join(' ');

const OWN = `setup() { npm run --silent setup; }
hfbench() { node dist/src/cli/main.js "$@"; }`;

const OTHER = (url: string): string => `tool=.hfbench/tool
setup() {
  [ -d "$tool/.git" ] || git clone --depth 1 ${quoted(url)} "$tool"
  (cd "$tool" && npm run --silent setup)
}
hfbench() { node "$tool/dist/src/cli/main.js" "$@"; }`;

/** Commits of hfbench itself: one gate over all models. */
const GATE_OWN = `gate() {
  hfbench gate $models --a-ref "$1" ${GATE_FLAGS} ${files('"$reports"/gate')} $annotate
}`;

/** Files of the repository: each against itself at the base commit. The worst code counts: 4, then 2 and the like, then 5. */
const GATE_FILES = `gate() {
  baseline=.hfbench/baseline
  git worktree prune
  [ -d "$baseline" ] || git worktree add --force --detach "$baseline" "$1"
  git -C "$baseline" checkout --quiet --force --detach "$1"
  worst=0 compared=0
  for model in $models; do
    if [ ! -e "$baseline/$model" ]; then echo "hfbench: $model is new, there is nothing to compare it with" >&2; continue; fi
    compared=1 code=0
    name="$reports/gate-$(echo "$model" | tr '/' '-')"
    hfbench gate "$baseline/$model" "$model" ${GATE_FLAGS} ${files('"$name"')} $annotate || code=$?
    case "$code" in
      0) ;;
      4) worst=4 ;;
      5) if [ "$worst" = 0 ]; then worst=5; fi ;;
      *) if [ "$worst" != 4 ]; then worst=$code; fi ;;
    esac
  done
  if [ "$compared" = 0 ]; then echo 'hfbench: nothing was compared' >&2; return 2; fi
  return "$worst"
}`;

export function pipelineScript({ models, hfbench }: PipelineOptions): PipelineFile {
  const text = `#!/bin/sh
# Written by \`hfbench ci init\`: gates a change, measures shards of a report, merges them.
#   ${SCRIPT} gate BASE      exit code of \`hfbench gate\`: 0 pass, 4 regression, 5 inconclusive, 2 bad input
#   ${SCRIPT} run I/N        measures its share of the models
#   ${SCRIPT} merge          one report of all shards
set -eu
models=${quoted(models.join(' '))}
reports=hfbench-reports
annotate=
if [ "\${GITHUB_ACTIONS:-}" = true ]; then annotate=--annotate; fi
mkdir -p "$reports"
# Names hold no blanks; globs are hfbench's to spread.
set -f

${hfbench === null ? OWN : OTHER(hfbench)}

${hfbench === null ? GATE_OWN : GATE_FILES}

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
`;
  return { path: SCRIPT, text, executable: true };
}
