// Names that people ask for and that cannot be built: nothing public exists to build them from.

export interface Unavailable {
  name: string;
  state: 'closed' | 'artefact';
  why: string;
  /** The nearest open architecture, by its public name. */
  nearest: string | null;
}

export const UNAVAILABLE: readonly Unavailable[] = [
  {
    name: 'claude3_haiku',
    state: 'closed',
    why: 'Anthropic offers it as a service only: neither weights nor the architecture are public',
    nearest: 'llama',
  },
  {
    name: 'cm3',
    state: 'closed',
    why: 'the weights and code of CM3 and CM3leon were never released',
    nearest: 'chameleon',
  },
  {
    name: 'mistral_next',
    state: 'closed',
    why: 'it was a preview in a chat of what became Mistral Large: neither weights nor a configuration are public',
    nearest: 'mistral',
  },
  { name: 'orca3', state: 'closed', why: 'Microsoft never released a model of that name', nearest: 'mistral' },
  {
    name: 'optimized_model',
    state: 'artefact',
    why: 'it is the placeholder of a test generator, not a model',
    nearest: 'gpt2',
  },
  { name: 'vision_t5', state: 'artefact', why: 'no architecture of that name was published', nearest: 'pix2struct' },
  {
    name: '\\',
    state: 'artefact',
    why: 'it is a line continuation of a shell that was taken for a model name',
    nearest: null,
  },
  { name: '__help', state: 'artefact', why: 'it is the flag --help that was taken for a model name', nearest: null },
  {
    name: '__list_only',
    state: 'artefact',
    why: 'it is the flag --list-only that was taken for a model name',
    nearest: null,
  },
  { name: '__model', state: 'artefact', why: 'it is the flag --model that was taken for a model name', nearest: null },
];
