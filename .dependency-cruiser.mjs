// The layering of ARCHITECTURE.md as rules. Each comment says what to do when its rule is broken.
// Types cost nothing and bind nothing at run time: `import type` is free to cross layers, except into cli, test and bench.

/** A folder of src/ that may use only the folders named, at run time. */
function layer(name, allowed, advice) {
  const folders = [name, ...allowed].map((folder) => (folder.startsWith('../') ? folder.slice(3) : `src/${folder}`));
  return {
    name: `layer-${name}`,
    severity: 'error',
    comment: `src/${name} may use ${allowed.join(', ') || 'nothing of src'}. ${advice}`,
    from: { path: `^src/${name}/` },
    to: {
      path: '^(src|models|binding)/',
      pathNot: `^(${folders.join('|')})/`,
      dependencyTypesNot: ['type-only', 'type-import'],
    },
  };
}

const PURE = 'Give it what it needs as an argument, or move the shared piece to src/util as a named leaf.';
const RECORDS = 'Everything after a run reads records only: add a column to src/record/columns.ts instead.';

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Two modules need each other: move what both need into a third, or turn the arrow with a parameter.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'type-import'] } },
    },
    {
      name: 'nobody-imports-cli',
      severity: 'error',
      comment: 'The command line is the top: move what you need from src/cli to the layer that it is about.',
      from: { pathNot: '^(src/cli|test)/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'nobody-imports-tests-or-benches',
      severity: 'error',
      comment: 'The product does not know test/ and bench/: move what you need into src/.',
      from: { path: '^(src|models|binding)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'addon-behind-the-runtime',
      severity: 'error',
      comment: 'Only src/runtime/native.ts, stored-weights.ts and src/preprocess load the addon: export what you need from there.',
      from: { path: '^(src|models)/', pathNot: '^src/(runtime/(native|stored-weights)\\.ts|preprocess/)' },
      to: { path: '^binding/', dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'models-are-pages',
      severity: 'error',
      comment: 'A model page uses blocks, src/graph and leaves of src/util. What it lacks is a block or an operator.',
      from: { path: '^models/' },
      to: { path: '^(src|binding)/', pathNot: '^src/(graph|util)/' },
    },
    {
      name: 'families-keep-apart',
      severity: 'error',
      comment: "A family imports blocks, never another family's page: move the shared part to models/blocks.",
      from: { path: '^models/(?!blocks/)([^/]+)/' },
      to: { path: '^models/(?!blocks/)[^/]+/' },
    },
    layer('util', [], 'A leaf depends on nothing: it belongs into a higher layer otherwise.'),
    layer('graph', ['util'], PURE),
    layer('measure', ['util'], PURE),
    layer('provider', ['util'], PURE),
    layer('hardware', ['util'], PURE),
    layer('checkpoint', ['util'], PURE),
    layer('record', ['measure', 'util'], PURE),
    layer('runtime', ['util', '../binding'], 'A runtime knows sessions only: cases and records belong to src/run.'),
    layer('scenario', ['measure', 'runtime', 'util'], 'A scenario drives a session: what it needs of the case comes in its context.'),
    layer('export', ['record', 'measure', 'util'], RECORDS),
    layer('store', ['record', 'util'], RECORDS),
    layer('compare', ['record', 'measure', 'export', 'util'], RECORDS),
    layer('matrix', ['record', 'measure', 'export', 'util'], 'A matrix is made of check reports: trying cells belongs to src/check.'),
    layer('check', ['graph', 'runtime', 'run', 'provider', 'matrix', 'checkpoint', 'util', '../models'], 'A check runs references on a runtime: words for people belong elsewhere.'),
    layer('ci', ['util'], 'A pipeline is text made from options: what it calls is the command line.'),
    layer('dashboard', ['record', 'compare', 'util'], RECORDS),
    layer(
      'run',
      ['scenario', 'runtime', 'provider', 'measure', 'record', 'graph', 'hardware', 'checkpoint', 'preprocess', '../models', 'util'],
      'A run makes outcomes: writing them belongs to src/export, words and flags to src/cli.',
    ),
    {
      name: 'no-unlisted-package',
      severity: 'error',
      comment: 'The package is not in package.json (or only for development): add it to dependencies.',
      from: { path: '^(src|models|binding)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], pathNot: '@types/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'The file or package does not exist: mend the path.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
