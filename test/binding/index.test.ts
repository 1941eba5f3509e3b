import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type IsaLevel, loadAddon } from '../../binding/index.js';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const test = suite('addon');

test('addon.cc, the Addon interface and the built file name the same functions in the same order', () => {
  const inCpp = [...read('binding/addon.cc').matchAll(/^\s+FUNCTION\((\w+)\)/gm)].map((match) => match[1]);
  const source = ts.createSourceFile('index.ts', read('binding/index.ts'), ts.ScriptTarget.Latest);
  const inTs: string[] = [];
  source.forEachChild((node) => {
    if (!ts.isInterfaceDeclaration(node) || node.name.text !== 'Addon') return;
    for (const member of node.members) inTs.push((member.name as ts.Identifier).text);
  });
  assert.ok(inCpp.length > 0);
  assert.equal(inTs, inCpp);
  assert.equal(Object.keys(loadAddon()), inCpp);
});

test('build information has the package version', () => {
  const { version } = JSON.parse(read('package.json'));
  assert.is(loadAddon().buildInfo().version, version);
});

test('levels of vector code: baseline first, each can be forced, others are refused', () => {
  const addon = loadAddon();
  const { isaLevels } = addon.cpuInfo();
  assert.is(isaLevels[0], 'base');
  for (const level of isaLevels) {
    addon.forceIsa(level);
    assert.is(addon.cpuInfo().isa, level);
  }
  addon.forceIsa('');
  assert.throws(() => addon.forceIsa('mmx' as IsaLevel), /^instruction set 'mmx': this machine has base/);
  assert.throws(() => addon.forceIsa(7 as unknown as ''), /^forceIsa: level must be a string$/);
  assert.throws(() => addon.forceIsa('base\0' as ''), /without NUL/);
});

/** What a fresh process prints when it loads the addon under the given environment. */
function loadIn(env: Record<string, string>): string {
  const code = `import { loadAddon } from './dist/binding/index.js';
    try { console.log(loadAddon().cpuInfo().isa) } catch (e) { console.log(e.name + ': ' + e.message) }`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return child.stdout.trim();
}

test('HFBENCH_ISA chooses the level, a wrong one is a usage error of one line', () => {
  assert.is(loadIn({ HFBENCH_ISA: 'base' }), 'base');
  assert.match(loadIn({ HFBENCH_ISA: 'sse9' }), /^UsageError: .*'sse9': this machine has base[^\n]*$/);
});

test('a missing or broken addon is a usage error of one line', () => {
  assert.match(
    loadIn({ HFBENCH_ADDON: '/nowhere/x.node' }),
    /^UsageError: native addon \/nowhere\/x.node: not found[^\n]*$/,
  );
  const broken = join(tmpdir(), `hfbench-broken-${process.pid}.node`);
  writeFileSync(broken, 'not a library');
  assert.match(loadIn({ HFBENCH_ADDON: broken }), /^UsageError: .*does not load \([^\n]*\); rebuild[^\n]*$/);
  rmSync(broken);
});

test.run();
