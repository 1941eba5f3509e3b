// GitLab CI: the gate's rows as a test report and in the code-quality widget of the merge request.

import { type PipelineFile, type PipelineOptions, SCRIPT } from './script.js';

export function gitlab({ hfbench, shards }: PipelineOptions): PipelineFile {
  const built = hfbench === null ? '.cache/hfbench/builds' : '.hfbench/tool';
  const text = `# Written by \`hfbench ci init gitlab\`. What is gated, and how, stands in ${SCRIPT}.
# A project with a .gitlab-ci.yml of its own includes this file:  include: [{ local: hfbench.gitlab-ci.yml }]
.hfbench:
  image: node:22-bookworm
  before_script:
    - apt-get update -qq && apt-get install -y -qq cmake g++ git
  variables:
    GIT_DEPTH: "0"
    HFBENCH_CACHE: "$CI_PROJECT_DIR/.cache/hfbench"

hfbench:gate:
  extends: .hfbench
  stage: test
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  cache:
    key: "hfbench-$CI_MERGE_REQUEST_DIFF_BASE_SHA"
    paths:
      - ${built}
  script:
    - ${SCRIPT} gate "$CI_MERGE_REQUEST_DIFF_BASE_SHA"
  artifacts:
    when: always
    paths:
      - hfbench-reports
    reports:
      junit: hfbench-reports/gate*.xml
      codequality: hfbench-reports/gate*.code-quality.json

hfbench:measure:
  extends: .hfbench
  stage: test
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
${shards > 1 ? `  parallel: ${shards}\n` : ''}  script:
    - ${SCRIPT} run "\${CI_NODE_INDEX:-1}/\${CI_NODE_TOTAL:-1}"
  artifacts:
    when: always
    paths:
      - hfbench-reports

hfbench:report:
  extends: .hfbench
  stage: deploy
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  needs:
    - hfbench:measure
  script:
    - ${SCRIPT} merge
  artifacts:
    paths:
      - hfbench-reports
    reports:
      junit: hfbench-reports/report.xml
`;
  return { path: 'hfbench.gitlab-ci.yml', text };
}
