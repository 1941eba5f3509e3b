// All model pages, found by their place.

import { readdirSync } from 'node:fs';
import type { Page } from '../../models/define.js';

const folder = new URL('../../models/', import.meta.url);

export async function loadPages(): Promise<Page<unknown>[]> {
  const pages: Page<unknown>[] = [];
  for (const category of readdirSync(folder, { withFileTypes: true })) {
    if (!category.isDirectory() || category.name === 'blocks') continue;
    const here = new URL(`${category.name}/`, folder);
    for (const file of readdirSync(here).filter((name) => name.endsWith('.js')))
      pages.push((await import(new URL(file, here).href)).default);
  }
  return pages;
}
