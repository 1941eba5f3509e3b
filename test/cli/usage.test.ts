// Bad input: one line that says what is wrong, and exit code 2, before anything runs.

import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { folderWith, hfbench, SCRIPTED } from '../support/cli.js';

const folder = folderWith('add.onnx', 'add.txt', 'long.onnx');
const whole = readFileSync(join(folder, 'add.onnx'));
writeFileSync(join(folder, 'empty.onnx'), '');
writeFileSync(join(folder, 'cut.onnx'), whole.subarray(0, whole.length - 7));
writeFileSync(join(folder, 'noise.onnx'), Buffer.from('this is no model, it is a text that somebody renamed'));
writeFileSync(
  join(folder, 'huge-length.onnx'),
  Buffer.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
);
writeFileSync(join(folder, 'no-graph.onnx'), Buffer.from([0x08, 0x07, 0x12, 0x02, 0x68, 0x69]));
mkdirSync(join(folder, 'folder.onnx'));
symlinkSync('nowhere.onnx', join(folder, 'dangling.onnx'));
writeFileSync(join(folder, 'no.json'), '{"models": ["bert"');
writeFileSync(join(folder, 'array.json'), '[]');
writeFileSync(join(folder, 'key.json'), '{"batsh": 1}');
writeFileSync(join(folder, 'value.json'), '{"batch": "many"}');
writeFileSync(join(folder, 'models.json'), '{"models": 7}');
writeFileSync(join(folder, 'not-a-script.json'), '{"now": "2026-01-01T00:00:00Z"}');

const run = ['run', 'add.onnx', ...SCRIPTED];

/** [what, arguments, what the line says] */
const CASES: [string, string[], RegExp][] = [
  ['no command', [], /^Usage: hfbench/],
  ['unknown command', ['rnu'], /unknown command 'rnu' \(Did you mean run\?\)/],
  ['unknown flag', ['run', '--bach', '8'], /unknown option '--bach' \(Did you mean --batch\?\)/],
  ['unknown model', ['run', 'bret'], /model 'bret' is unknown \(did you mean 'bert'\?\)/],
  ['a name that nobody can build', ['run', 'cm3'], /model 'cm3' cannot be built: the weights/],
  ['glob without match', ['run', 'zzz*'], /model 'zzz\*': nothing matches/],
  [
    'unknown category',
    ['run', '--category', 'visoin'],
    /--category visoin: no such category \(did you mean 'vision'\?\)/,
  ],
  [
    'unknown suite',
    ['run', '--suite', 'quik'],
    /--suite quik: expected one of quick, core, all \(did you mean 'quick'\?\)/,
  ],
  [
    'unknown provider',
    [...run, '--ep', 'cpuu'],
    /--ep cpuu: no such provider \(did you mean 'cpu'\?\); there are: .*cpu/,
  ],
  [
    'a path as provider',
    [...run, '--ep', '../cpu'],
    /--ep \.\.\/cpu: '\.\.\/cpu': expected provider or provider:key=value/,
  ],
  ['unknown provider option', [...run, '--ep-option', 'arena=1'], /--ep cpu:arena: provider cpu has no such option/],
  ['unknown format', [...run, '--format', 'tabel'], /--format tabel: expected one of .*\(did you mean 'table'\?\)/],
  ['unknown scenario', [...run, '--scenario', 'latancy'], /did you mean 'latency'/],
  ['unknown runtime', ['run', 'add.onnx', '--runtime', 'natve'], /did you mean 'native'/],
  ['nothing to run', ['run'], /nothing to run: name models/],
  ['suite and models', ['run', 'bert', '--suite', 'quick'], /--suite quick and models \(bert\): give one or the other/],
  ['a file has no size', [...run, '--size', 'tiny'], /--size: a file given with --model-file is what it is/],
  ['batch of nothing', [...run, '--batch', '0'], /--batch 0: expected a whole number from 1/],
  ['batch in words', [...run, '--batch', 'many'], /--batch many: expected a whole number/],
  ['list with a hole', [...run, '--batch', '1,,2'], /--batch 1,,2: expected a list without empty parts/],
  ['negative time', [...run, '--max-time=-1s'], /--max-time -1s: expected a duration/],
  ['time without meaning', [...run, '--min-time', '1 fortnight'], /expected a duration, e\.g\. 2s/],
  ['no time at all', [...run, '--max-time', '0'], /nothing can be measured in no time/],
  ['min above max', [...run, '--min-time', '5s', '--max-time', '1s'], /--min-time is above --max-time/],
  [
    'samples: min above max',
    [...run, '--min-samples', '9', '--max-samples', '3'],
    /--min-samples is above --max-samples/,
  ],
  ['interval of 200 %', [...run, '--target-ci', '200%'], /--target-ci 200%: expected a percentage up to 50 %/],
  ['streams without throughput', [...run, '--streams', '4'], /--streams: only --scenario throughput has streams/],
  ['dimension without name', [...run, '--dim', '=4'], /--dim =4: expected name=value/],
  ['dimension of a zoo model', ['run', 'bert', '--dim', 'batch=2'], /--dim: only files/],
  [
    'fake beside real',
    ['run', 'add.onnx', '--runtime', 'fake,node', '--fake-script', 'script.json'],
    /do not belong in one report/,
  ],
  ['fake without script', ['run', 'add.onnx', '--runtime', 'fake'], /--runtime fake: needs --fake-script/],
  ['script without fake', ['run', 'add.onnx', '--fake-script', 'script.json'], /only --runtime fake plays scripts/],
  [
    'a script that is none',
    ['run', 'add.onnx', '--runtime', 'fake', '--fake-script', 'not-a-script.json'],
    /"environment" is missing/,
  ],
  [
    'a script that is not there',
    ['run', 'add.onnx', '--runtime', 'fake', '--fake-script', 'none.json'],
    /--fake-script none\.json: ENOENT/,
  ],
  [
    'library for the wrong runtime',
    ['run', 'add.onnx', '--runtime', 'node', '--ort-lib', 'x.so'],
    /--ort-lib: --runtime node does not load it/,
  ],
  ['resume a dry run', [...run, '--resume', '--dry-run'], /--resume and --dry-run/],
  ['file that is not there', ['run', '--model-file', 'none.onnx'], /--model-file none\.onnx: there is no such file/],
  ['dangling link', ['run', 'dangling.onnx'], /there is no such file/],
  ['a folder', ['run', 'folder.onnx'], /it is a folder/],
  ['wrong extension', ['run', '--model-file', 'add.txt'], /unknown extension '\.txt'/],
  ['zero bytes', ['run', 'empty.onnx'], /0 bytes are no model/],
  ['truncated', ['run', 'cut.onnx'], /cut\.onnx: truncated or no ONNX model: a part at byte \d+ should end at/],
  ['noise', ['run', 'noise.onnx'], /noise\.onnx: .*no ONNX model/],
  ['a length beyond all files', ['run', 'huge-length.onnx'], /truncated or no ONNX model/],
  ['no graph inside', ['run', 'no-graph.onnx'], /it holds no graph/],
  ['a device', ['run', '--model-file', '/dev/null'], /it is no regular file/],
  [
    'output into no folder',
    [...run, '--json', 'none/out.json'],
    /--json: cannot write none\/out\.json: its folder does not exist/,
  ],
  ['output onto a folder', [...run, '--csv', '.'], /--csv \.: it is a folder/],
  ['output below a file', [...run, '--csv', 'add.onnx/x.csv'], /a part of its path is a file/],
  ['output without a name', [...run, '--csv', ''], /--csv : expected some text/],
  ['one file for two outputs', [...run, '--json', 'x', '--csv', './x'], /--json writes the same file/],
  ['config that is not there', ['run', '--config', 'none.json'], /--config none\.json: there is no such file/],
  ['config that is no JSON', ['run', '--config', 'no.json'], /--config no\.json: no JSON/],
  ['config that is a list', ['run', '--config', 'array.json'], /expected an object/],
  [
    'config with an unknown key',
    ['run', '--config', 'key.json'],
    /key\.json: unknown key "batsh" \(did you mean 'batch'\?\)/,
  ],
  ['config with a bad value', ['run', '--config', 'value.json'], /value\.json: "batch" many: expected a whole number/],
  ['config with bad models', ['run', '--config', 'models.json'], /models\.json: "models" 7: expected some text/],
  ['journal into no folder', [...run, '--journal', 'add.onnx/j'], /cannot write the journal/],
  ['show an unknown model', ['models', 'show', 'gtp2'], /model 'gtp2' is unknown \(did you mean 'gpt2'\?\)/],
  ['list an unknown category', ['models', 'list', '--category', 'x'], /--category x: expected one of .*decoder-only/],
  ['export without a file', ['models', 'export', 'bert'], /required option '-o, --output <file>' not specified/],
];

for (const [what, args, line] of CASES) {
  test(what, async () => {
    const { code, stdout, stderr } = await hfbench(args, folder);
    assert.is(stdout, '');
    assert.match(stderr, line);
    if (args.length > 0) assert.is(stderr.trim().split('\n').length, 1, stderr);
    assert.not.match(stderr, / at .*\.js/);
    assert.is(code, 2);
  });
}

/** [what, library, what the line says] */
const LIBRARIES: [string, string, RegExp][] = [
  ['no file', 'none.so', /--ort-lib none\.so: /],
  ['a folder', '.', /--ort-lib \.: /],
  ['a text', 'add.txt', /--ort-lib add\.txt: /],
  ['a library that is no ONNX Runtime', process.execPath, /--ort-lib .*: /],
];

for (const [what, library, line] of LIBRARIES) {
  test(`an ONNX Runtime that is none: ${what}`, async () => {
    const { code, stdout, stderr } = await hfbench(['run', 'add.onnx', '--ort-lib', library], folder);
    assert.is(stdout, '');
    assert.match(stderr, line);
    assert.is(stderr.trim().split('\n').length, 1, stderr);
    assert.is(code, 2);
  });
}

// Nothing is forbidden to root.
(process.getuid?.() === 0 || process.platform === 'win32' ? test.skip : test)(
  'an output that may not be written',
  async () => {
    chmodSync(folder, 0o500);
    try {
      const { code, stderr } = await hfbench([...run, '--json', 'out.json'], folder);
      assert.match(stderr, /--json: cannot write out\.json: permission denied/);
      assert.is(code, 2);
    } finally {
      chmodSync(folder, 0o700);
    }
  },
);

test('an internal error is one line, and a stack only for those who ask', async () => {
  const script = JSON.parse(readFileSync(join(folder, 'script.json'), 'utf8'));
  writeFileSync(join(folder, 'broken.json'), JSON.stringify({ ...script, environment: {} }));
  const args = ['run', 'add.onnx', '--runtime', 'fake', '--fake-script', 'broken.json'];
  const plain = await hfbench(args, folder);
  assert.is(plain.code, 1);
  assert.match(plain.stderr, /^hfbench: internal error: .*please report it/);
  assert.is(plain.stderr.trim().split('\n').length, 1);
  const debug = await hfbench(args, folder, { HFBENCH_DEBUG: '1' });
  assert.is(debug.code, 1);
  assert.match(debug.stderr, /\n {4}at .*\.js/);
});

test('a sound envelope around no model: told by the runtime, and bad input all the same', async () => {
  const at = whole.indexOf('Add');
  const changed = Buffer.from(whole);
  changed.write('Odd', at);
  writeFileSync(join(folder, 'odd.onnx'), changed);
  const alone = await hfbench(['run', 'odd.onnx', '--max-time', '10ms', '--format', 'jsonl'], folder);
  assert.is(alone.code, 2);
  assert.is(JSON.parse(alone.stdout).reason, 'bad-input');
  assert.match(JSON.parse(alone.stdout).reason_text, /^INVALID_GRAPH: .*Odd/);
  const beside = await hfbench(['run', 'odd.onnx', 'add.onnx', '--max-time', '10ms', '--format', 'jsonl'], folder);
  assert.is(beside.code, 3, 'something was measured');
});

test.run();
