// GitHub Actions: a gate on pull requests with a comment, a summary and annotations; shards of a report besides.

import { type PipelineFile, type PipelineOptions, SCRIPT } from './script.js';

export function github({ hfbench, shards }: PipelineOptions): PipelineFile {
  const all = Array.from({ length: shards }, (_, index) => `"${index + 1}/${shards}"`).join(', ');
  const built = hfbench === null ? '~/.cache/hfbench/builds' : '.hfbench/tool';
  const key = hfbench === null ? '${{ github.event.pull_request.base.sha }}' : "${{ hashFiles('ci/hfbench.sh') }}";
  const text = `# Written by \`hfbench ci init github\`. What is gated, and how, stands in ${SCRIPT}.
name: hfbench
on:
  pull_request:
permissions:
  contents: read
  pull-requests: write
concurrency:
  group: hfbench-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  gate:
    runs-on: ubuntu-latest
    timeout-minutes: 90
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - name: Keep the baseline's build
        uses: actions/cache@v4
        with:
          path: ${built}
          key: hfbench-\${{ runner.os }}-${key}
      - name: Gate
        run: ${SCRIPT} gate "$BASE"
        env:
          BASE: \${{ github.event.pull_request.base.sha }}
      - name: Summary
        if: always()
        run: cat hfbench-reports/gate*.md >> "$GITHUB_STEP_SUMMARY" || true
      - name: Comment
        # A pull request from a fork has no right to comment: the summary has the same text.
        if: always() && github.event.pull_request.head.repo.full_name == github.repository
        run: |
          cat hfbench-reports/gate*.md > comment.md || exit 0
          gh pr comment "$NUMBER" --body-file comment.md --edit-last || gh pr comment "$NUMBER" --body-file comment.md
        env:
          GH_TOKEN: \${{ github.token }}
          NUMBER: \${{ github.event.pull_request.number }}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: hfbench-gate
          path: hfbench-reports
          if-no-files-found: ignore

  measure:
    runs-on: ubuntu-latest
    timeout-minutes: 120
    strategy:
      fail-fast: false
      matrix:
        shard: [${all}]
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - name: Measure shard \${{ matrix.shard }}
        run: ${SCRIPT} run "$SHARD"
        env:
          SHARD: \${{ matrix.shard }}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: hfbench-shard-\${{ strategy.job-index }}
          path: hfbench-reports

  report:
    needs: measure
    if: always()
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - uses: actions/download-artifact@v4
        with:
          pattern: hfbench-shard-*
          path: hfbench-reports
          merge-multiple: true
      - name: Merge
        run: |
          ${SCRIPT} merge
          cat hfbench-reports/report.md >> "$GITHUB_STEP_SUMMARY"
      - uses: actions/upload-artifact@v4
        with:
          name: hfbench-report
          path: hfbench-reports
`;
  return { path: '.github/workflows/hfbench.yml', text };
}
