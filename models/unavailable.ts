// Names that people ask for and that cannot be built: nothing public exists to build them from.

import type { Category } from './define.js';

export interface Unavailable {
  name: string;
  category: Category;
  state: 'closed' | 'artefact';
  why: string;
  /** The nearest open architecture, by its public name. */
  nearest: string | null;
}

export const UNAVAILABLE: readonly Unavailable[] = [
  {
    name: 'claude3_haiku',
    category: 'decoder-only',
    state: 'closed',
    why: 'Anthropic offers it as a service only: neither weights nor the architecture are public',
    nearest: 'llama',
  },
  {
    name: 'cm3',
    category: 'multimodal',
    state: 'closed',
    why: 'the weights and code of CM3 and CM3leon were never released',
    nearest: 'chameleon',
  },
  {
    name: 'mistral_next',
    category: 'decoder-only',
    state: 'closed',
    why: 'it was a preview in a chat of what became Mistral Large: neither weights nor a configuration are public',
    nearest: 'mistral',
  },
  {
    name: 'orca3',
    category: 'decoder-only',
    state: 'closed',
    why: 'Microsoft never released a model of that name',
    nearest: 'mistral',
  },
  {
    name: 'optimized_model',
    category: 'decoder-only',
    state: 'artefact',
    why: 'it is the placeholder of a test generator, not a model',
    nearest: 'gpt2',
  },
  {
    name: 'vision_t5',
    category: 'multimodal',
    state: 'artefact',
    why: 'no architecture of that name was published',
    nearest: 'pix2struct',
  },
  {
    name: '\\',
    category: 'utility',
    state: 'artefact',
    why: 'it is a line continuation of a shell that was taken for a model name',
    nearest: null,
  },
  {
    name: '__help',
    category: 'utility',
    state: 'artefact',
    why: 'it is the flag --help that was taken for a model name',
    nearest: null,
  },
  {
    name: '__list_only',
    category: 'utility',
    state: 'artefact',
    why: 'it is the flag --list-only that was taken for a model name',
    nearest: null,
  },
  {
    name: '__model',
    category: 'utility',
    state: 'artefact',
    why: 'it is the flag --model that was taken for a model name',
    nearest: null,
  },
];
