// Jenkins: a declarative pipeline; the JUnit plugin shows the rows of the gate as tests.

import { type PipelineFile, type PipelineOptions, SCRIPT } from './script.js';

export function jenkins({ shards }: PipelineOptions): PipelineFile {
  const all = Array.from({ length: shards }, (_, index) => `'${index + 1}/${shards}'`).join(', ');
  const text = `// Written by \`hfbench ci init jenkins\`. What is gated, and how, stands in ${SCRIPT}.
// The agent needs Node.js 20.17 or newer, a C++20 compiler, CMake and git. HFBENCH_CACHE keeps the baseline's builds between jobs.
pipeline {
  agent any
  options {
    timeout(time: 3, unit: 'HOURS')
  }
  environment {
    HFBENCH_CACHE = "\${env.JENKINS_HOME ?: env.HOME}/hfbench-cache"
  }
  stages {
    stage('gate') {
      when { changeRequest() }
      steps {
        sh '${SCRIPT} gate "origin/$CHANGE_TARGET"'
      }
      post {
        always {
          junit allowEmptyResults: true, testResults: 'hfbench-reports/gate*.xml'
          archiveArtifacts allowEmptyArchive: true, artifacts: 'hfbench-reports/**'
        }
      }
    }
    stage('measure') {
      when { not { changeRequest() } }
      matrix {
        axes {
          axis {
            name 'SHARD'
            values ${all}
          }
        }
        stages {
          stage('shard') {
            steps {
              // One after the other on the same agent: two measurements at a time disturb each other.
              lock('hfbench') {
                sh '${SCRIPT} run "$SHARD"'
              }
              stash name: "hfbench-\${SHARD.replace('/', '-')}", includes: 'hfbench-reports/shard-*.json'
            }
          }
        }
      }
    }
    stage('report') {
      when { not { changeRequest() } }
      steps {
        script {
          for (shard in [${all}]) {
            unstash "hfbench-\${shard.replace('/', '-')}"
          }
        }
        sh '${SCRIPT} merge'
        junit 'hfbench-reports/report.xml'
        archiveArtifacts artifacts: 'hfbench-reports/**'
      }
    }
  }
}
`;
  return { path: 'Jenkinsfile', text };
}
