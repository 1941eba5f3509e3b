// What `import ... from 'hfbench'` gives.

export * as preprocess from './preprocess/index.js';
export { UsageError } from './util/error.js';
