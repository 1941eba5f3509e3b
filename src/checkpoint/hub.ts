// Where a checkpoint lies: a folder, the standard Hugging Face cache, or the hub.

import {
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '../util/error.js';

export interface HubSettings {
  endpoint: string;
  token: string | null;
  cacheFolder: string;
  offline: boolean;
}

const isSet = (value: string | undefined): boolean => value !== undefined && /^(1|true|yes|on)$/i.test(value);

/** The settings that every Hugging Face tool reads: HF_ENDPOINT, HF_TOKEN, HF_HUB_CACHE, HF_HOME, HF_HUB_OFFLINE. */
export function hubSettings(env: NodeJS.ProcessEnv = process.env): HubSettings {
  const home = env.HF_HOME ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'huggingface');
  const tokenFile = env.HF_TOKEN_PATH ?? join(home, 'token');
  const token =
    env.HF_TOKEN ?? env.HUGGING_FACE_HUB_TOKEN ?? (existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8').trim() : '');
  return {
    endpoint: (env.HF_ENDPOINT ?? 'https://huggingface.co').replace(/\/+$/, ''),
    token: token || null,
    cacheFolder: env.HF_HUB_CACHE ?? env.HUGGINGFACE_HUB_CACHE ?? join(home, 'hub'),
    offline: isSet(env.HF_HUB_OFFLINE),
  };
}

export interface RepoName {
  repo: string;
  revision: string;
}

/** 'org/name' or 'org/name@revision'; null for anything else. */
export function parseRepo(text: string): RepoName | null {
  const found = /^([\w.-]{1,96}\/[\w.-]{1,96}|[\w.-]{1,96})(?:@([\w./-]{1,200}))?$/.exec(text);
  if (!found || found[1].split('/').some((part) => /^\.+$/.test(part)) || found[2]?.includes('..')) return null;
  return { repo: found[1], revision: found[2] ?? 'main' };
}

/** The newest complete snapshot of a repository in the cache: models--org--name/snapshots/<commit>. */
export function cachedSnapshot({ repo, revision }: RepoName, { cacheFolder }: HubSettings): string | null {
  const root = join(cacheFolder, `models--${repo.replaceAll('/', '--')}`);
  const reference = join(root, 'refs', revision);
  const commit = existsSync(reference) ? readFileSync(reference, 'utf8').trim() : revision;
  if (!/^[\w.-]+$/.test(commit)) return null;
  const folder = join(root, 'snapshots', commit);
  return existsSync(join(folder, 'config.json')) ? folder : null;
}

/** Called as bytes arrive; `totalBytes` of all files of the repository that are wanted. */
export type Progress = (doneBytes: number, totalBytes: number, file: string) => void;

const WANTED =
  /^(config\.json|generation_config\.json|preprocessor_config\.json|tokenizer\.json|tokenizer_config\.json|model(-\d+-of-\d+)?\.safetensors|model\.safetensors\.index\.json|onnx\/[\w.-]+\.onnx(_data(_\d+)?)?)$/;

/**
 * The folder of a checkpoint given as a path or as a repository's name.
 * @throws UsageError where there is neither, the hub refuses, or nothing may be downloaded
 */
export async function locateCheckpoint(
  text: string,
  settings: HubSettings = hubSettings(),
  progress: Progress = () => {},
): Promise<string> {
  const stat = statSync(text, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return text;
  if (stat)
    throw new UsageError(
      `--checkpoint ${text}: this is a file; give the folder that holds config.json (an ONNX file goes to --model-file)`,
    );
  const name = parseRepo(text);
  if (!name || text.startsWith('.') || text.startsWith('/'))
    throw new UsageError(`--checkpoint ${text}: no such folder, and not the name of a repository (org/name)`);
  const cached = cachedSnapshot(name, settings);
  if (settings.offline) {
    if (cached) return cached;
    throw new UsageError(
      `--checkpoint ${text}: not in the cache ${settings.cacheFolder}, and HF_HUB_OFFLINE forbids to download it`,
    );
  }
  try {
    return await download(name, settings, progress);
  } catch (error) {
    if (cached) return cached; // without a network, what was downloaded before still serves
    throw new UsageError(`--checkpoint ${text}: cannot be downloaded from ${settings.endpoint} (${reasonOf(error)})`);
  }
}

function reasonOf(error: unknown): string {
  const { statusCode, message, cause } = error as { statusCode?: number; message: string; cause?: Error };
  if (statusCode === 401 || statusCode === 403) return 'access refused: set HF_TOKEN to a token that may read it';
  if (statusCode === 404) return 'no such repository or revision';
  return (cause?.message ?? message).split('\n')[0];
}

async function download(name: RepoName, settings: HubSettings, progress: Progress): Promise<string> {
  const { fileDownloadInfo, listFiles, modelInfo } = await import('@huggingface/hub');
  const { repo, revision } = name;
  const access = { hubUrl: settings.endpoint, ...(settings.token ? { accessToken: settings.token } : {}) };
  const { sha } = await modelInfo({ ...access, name: repo, revision, additionalFields: ['sha'] });
  const files: { path: string; size: number }[] = [];
  for await (const file of listFiles({ ...access, repo, revision: sha, recursive: true })) {
    if (file.type === 'file' && WANTED.test(file.path)) files.push(file);
  }
  if (!files.some(({ path }) => path === 'config.json')) throw new Error('the repository has no config.json');
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const root = join(settings.cacheFolder, `models--${repo.replaceAll('/', '--')}`);
  const snapshot = join(root, 'snapshots', sha);
  let done = 0;
  for (const { path } of files.sort((a, b) => Number(a.path === 'config.json') - Number(b.path === 'config.json'))) {
    const info = await fileDownloadInfo({ ...access, repo, revision: sha, path });
    if (!info) throw new Error(`${path} is listed but cannot be had`);
    const before = done;
    const blob = await fetchBlob(root, info, settings, (bytes) => progress(before + bytes, total, path));
    done += info.size;
    linkInto(snapshot, path, blob);
  }
  mkdirSync(join(root, 'refs', dirname(revision)), { recursive: true });
  writeFileSync(join(root, 'refs', revision), sha);
  return snapshot;
}

/** Downloads one file to blobs/<etag>; what an interrupted download left in '<etag>.incomplete' is continued. */
async function fetchBlob(
  root: string,
  info: { url: string; etag: string; size: number },
  settings: HubSettings,
  progress: (bytes: number) => void,
): Promise<string> {
  const etag = info.etag.replace(/^W\//, '').replaceAll('"', '');
  if (!/^[\w.-]{1,128}$/.test(etag)) throw new Error(`the hub names a file '${etag.slice(0, 40)}'`);
  const blob = join(root, 'blobs', etag);
  if (statSync(blob, { throwIfNoEntry: false })?.size === info.size) return blob;
  mkdirSync(dirname(blob), { recursive: true });
  const part = `${blob}.incomplete`;
  let have = statSync(part, { throwIfNoEntry: false })?.size ?? 0;
  if (have > info.size) have = 0;
  const headers: Record<string, string> = have > 0 ? { Range: `bytes=${have}-` } : {};
  // The token goes to the hub alone, never to the storage that a redirect names.
  if (settings.token && info.url.startsWith(`${settings.endpoint}/`))
    headers.Authorization = `Bearer ${settings.token}`;
  const response = have === info.size && have > 0 ? null : await fetch(info.url, { headers });
  if (response && !response.ok)
    throw Object.assign(new Error(`HTTP ${response.status}`), { statusCode: response.status });
  const continued = response?.status === 206;
  if (response && !continued) have = 0;
  if (response?.body) {
    const counter = new Transform({
      transform(chunk: Buffer, _, next) {
        have += chunk.length;
        progress(have);
        next(have > info.size ? new Error(`more than the announced ${info.size} bytes`) : null, chunk);
      },
    });
    await pipeline(
      Readable.fromWeb(response.body as never),
      counter,
      createWriteStream(part, { flags: continued ? 'a' : 'w' }),
    );
  }
  if (have !== info.size)
    throw new Error(`the download ended after ${have} of ${info.size} bytes; run the command again to continue it`);
  renameSync(part, blob);
  return blob;
}

function linkInto(snapshot: string, path: string, blob: string): void {
  const link = join(snapshot, path);
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  try {
    symlinkSync(relative(dirname(link), blob), link);
  } catch {
    copyFileSync(blob, link); // Windows without the right to make links
  }
}
