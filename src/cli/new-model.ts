// `hfbench models new`: a page from the template, compiled and in the index, so that its author starts from something that runs.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CATEGORIES, type Category } from '../../models/define.js';
import { PAGES } from '../../models/registry.js';
import { nameStates } from '../../models/states.js';
import { UsageError } from '../util/error.js';
import { didYouMean } from '../util/suggest.js';
import { note } from './terminal.js';

/** The checkout: this file runs from dist/src/cli. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface Place {
  category: Category;
  family: string;
  /** Path of the page below models/, without ending. */
  page: string;
}

/** @throws UsageError for what is no category/family, and for names that are taken */
export function placeOf(text: string): Place {
  const [category, name, ...rest] = text.split('/');
  if (name === undefined || rest.length > 0)
    throw new UsageError(`models new ${text}: expected <category>/<family>, e.g. vision/my_net`);
  if (!CATEGORIES.includes(category as Category)) {
    const there = `there are: ${CATEGORIES.join(', ')}`;
    throw new UsageError(`models new ${text}: no category '${category}'${didYouMean(category, CATEGORIES)}; ${there}`);
  }
  const family = name.replaceAll('-', '_');
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(family) || family.length > 60) {
    throw new UsageError(
      `models new ${text}: a family's name is lower case letters, digits and single '_', starting with a letter, e.g. my_net`,
    );
  }
  const page = `${category}/${family.replaceAll('_', '-')}`;
  const taken = nameStates().find((row) => row.name === family && row.state !== 'missing');
  if (taken?.page) throw new UsageError(`models new ${text}: '${family}' is built by models/${taken.page}.ts already`);
  if (taken) throw new UsageError(`models new ${text}: '${family}' cannot be built: ${taken.why}`);
  const other = PAGES.find((row) => row.family === family);
  if (other) throw new UsageError(`models new ${text}: the family is at models/${other.page}.ts already`);
  return { category: category as Category, family, page };
}

/** The template as the page of a family. */
export function pageText(template: string, family: string): string {
  const words = family.split('_').map((word) => word[0]!.toUpperCase() + word.slice(1));
  return template
    .replace('TITLE', words.join(' '))
    .replace('TemplateForMaskedLM', `${words.join('')}ForMaskedLM`)
    .replaceAll("'template'", `'${family}'`)
    .replace('{ template:', `{ ${family}:`)
    .replaceAll("from '../src/", "from '../../src/")
    .replaceAll("from './", "from '../");
}

/** @returns what to do next. @throws UsageError where it cannot be written, or does not compile */
export async function newModel(text: string): Promise<string> {
  const { category, family, page } = placeOf(text);
  const template = join(ROOT, 'models/_template.ts');
  if (!existsSync(template))
    throw new UsageError('models new: this installation has no sources; use a checkout of the repository');
  const path = join(ROOT, 'models', `${page}.ts`);
  mkdirSync(join(ROOT, 'models', category), { recursive: true });
  try {
    writeFileSync(path, pageText(readFileSync(template, 'utf8'), family), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new UsageError(`${path}: exists already`);
    throw error;
  }
  note('compiling, and making the index');
  compile(page);
  step('models/index.ts', ['scripts/models-index.mjs'], page);
  compile(page);
  return `models/${page}.ts: written, compiled and in models/index.ts; \`hfbench run ${family} --size tiny\` runs it

Next
  1. write what it is, its paper, config, variants and graph; models/encoder-only/distilbert.ts and models/decoder-only/llama.ts set the tone
  2. put its reference (what transformers computes for a small configuration) at test/fixtures/oracle/${family}.json
  3. npm run build && hfbench check ${family}
  4. HFBENCH_ONLY=${family} node scripts/test.mjs models/zoo models/variants
  5. node scripts/models-index.mjs; UPDATE_GOLDEN=1 node scripts/test.mjs models/golden; then read the diff
`;
}

const compile = (page: string) => step('the page', [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'], page);

function step(what: string, args: string[], page: string): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status === 0) return;
  const [first = 'no reason given'] = `${stdout}${stderr}`.split('\n');
  throw new UsageError(`models/${page}.ts is written, but ${what} could not be made: ${first}`);
}
