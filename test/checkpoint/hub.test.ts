// A hub on the loopback interface that speaks the routes of huggingface.co: model information, tree, resolve.

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCheckpoint } from '../../src/checkpoint/folder.js';
import {
  cachedSnapshot,
  type HubSettings,
  hubSettings,
  locateCheckpoint,
  parseRepo,
} from '../../src/checkpoint/hub.js';
import { safetensors } from '../support/checkpoint.js';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const FILES: Record<string, Uint8Array> = {
  'config.json': Buffer.from('{"model_type":"bert"}'),
  'model.safetensors': safetensors([{ name: 'w', shape: [1000], values: new Float32Array(1000).fill(2) }]),
  'README.md': Buffer.from('not wanted'),
};
const etag = (path: string): string => createHash('sha1').update(FILES[path]).digest('hex');

interface Hub {
  server: Server;
  ranges: string[];
  authorizations: Set<string>;
  /** Bytes after which the next body is cut off. */
  cutAfter: number | null;
}

const hub: Hub = { server: createServer(), ranges: [], authorizations: new Set(), cutAfter: null };
hub.server.on('request', (request, response) => {
  const path = new URL(request.url!, 'http://hub').pathname;
  hub.authorizations.add(request.headers.authorization ?? '');
  const json = (value: unknown): void => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(value));
  };
  if (path === '/api/models/org/model/revision/main') return json({ _id: '1', id: 'org/model', sha: SHA });
  if (path.startsWith('/api/models/org/model/tree/'))
    return json(
      Object.keys(FILES).map((name) => ({ type: 'file', path: name, size: FILES[name].length, oid: etag(name) })),
    );
  const name = /^\/org\/model\/resolve\/[^/]+\/(.+)$/.exec(path)?.[1];
  if (!name || !(name in FILES)) {
    response.statusCode = path.includes('/secret/') ? 401 : 404;
    return json({ error: 'no' });
  }
  const bytes = FILES[name];
  const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (request.headers.range && request.headers.range !== 'bytes=0-0') hub.ranges.push(request.headers.range);
  response.statusCode = request.headers.range ? 206 : 200;
  response.setHeader('etag', `"${etag(name)}"`);
  const part = request.headers.range === 'bytes=0-0' ? bytes.subarray(0, 1) : bytes.subarray(from);
  if (request.headers.range)
    response.setHeader('content-range', `bytes ${from}-${from + part.length - 1}/${bytes.length}`);
  response.setHeader('content-length', part.length);
  if (hub.cutAfter !== null && part.length > hub.cutAfter) {
    response.write(part.subarray(0, hub.cutAfter));
    hub.cutAfter = null;
    setTimeout(() => response.destroy(), 50);
    return;
  }
  response.end(part);
});

const checks = suite('hub');
let cache: string;
let settings: HubSettings;
checks.before(async () => {
  await new Promise<void>((resolve) => hub.server.listen(0, '127.0.0.1', resolve));
});
checks.before.each(() => {
  cache = mkdtempSync(join(tmpdir(), 'hfbench-hub-'));
  const { port } = hub.server.address() as AddressInfo;
  settings = hubSettings({ HF_ENDPOINT: `http://127.0.0.1:${port}/`, HF_HUB_CACHE: cache, HF_TOKEN: 'hf_test' });
  Object.assign(hub, { ranges: [], authorizations: new Set(), cutAfter: null });
});
checks.after.each(() => rmSync(cache, { recursive: true }));
checks.after(() => {
  hub.server.close();
});

checks('downloads what a run needs into the standard cache, with the token, and finds it there again', async () => {
  const seen: [number, number][] = [];
  const folder = await locateCheckpoint('org/model', settings, (done, total) => seen.push([done, total]));
  assert.is(folder, join(cache, 'models--org--model', 'snapshots', SHA));
  assert.equal(readdirSync(folder).sort(), ['config.json', 'model.safetensors']);
  assert.is(readCheckpoint(folder).tensors.get('w')!.byteLength, 4000);
  const total = FILES['config.json'].length + FILES['model.safetensors'].length;
  assert.equal(seen.at(-1), [total, total]);
  assert.ok(hub.authorizations.has('Bearer hf_test'));
  assert.is(readFileSync(join(cache, 'models--org--model/refs/main'), 'utf8'), SHA);
  assert.is(await locateCheckpoint('org/model', { ...settings, offline: true }), folder);
});

checks('an interrupted download is continued from where it broke off', async () => {
  hub.cutAfter = 1500;
  const failure = await locateCheckpoint('org/model', settings).then(
    () => null,
    (error: Error) => error.message,
  );
  assert.match(failure!, /cannot be downloaded/);
  const part = join(cache, 'models--org--model/blobs', `${etag('model.safetensors')}.incomplete`);
  const have = statSync(part).size;
  assert.ok(have > 0 && have < FILES['model.safetensors'].length);
  const folder = await locateCheckpoint('org/model', settings);
  assert.equal(hub.ranges, [`bytes=${have}-`]);
  assert.equal(readFileSync(join(folder, 'model.safetensors')), Buffer.from(FILES['model.safetensors']));
  assert.not.ok(existsSync(part));
});

checks('refusals are one line that says what to do', async () => {
  const messageOf = (text: string, changes: Partial<HubSettings> = {}): Promise<string> =>
    locateCheckpoint(text, { ...settings, ...changes }).then(
      () => 'no error',
      (error: Error) => error.message,
    );
  assert.match(await messageOf('org/none'), /no such repository or revision/);
  assert.match(await messageOf('org/none', { offline: true }), /HF_HUB_OFFLINE forbids/);
  assert.match(await messageOf('./nowhere'), /no such folder/);
  assert.match(await messageOf('a b'), /not the name of a repository/);
  const file = join(cache, 'model.onnx');
  writeFileSync(file, '');
  assert.match(await messageOf(file), /--model-file/);
  assert.match(await messageOf('org/model', { endpoint: 'http://127.0.0.1:9' }), /cannot be downloaded/);
});

checks('names of repositories cannot leave the cache', () => {
  for (const text of ['../x', 'org/..', '..', '.', 'org/model@../../etc', 'a/b/c', '/etc', ''])
    assert.is(parseRepo(text), null, text);
  assert.equal(parseRepo('org/model@v1.0'), { repo: 'org/model', revision: 'v1.0' });
  assert.is(cachedSnapshot({ repo: 'org/model', revision: 'main' }, settings), null);
});

checks.run();
