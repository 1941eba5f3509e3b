// How pages write their options: a description, and which values fit.

import type { ProviderOption } from './provider.js';

const numbered = (description: string, expected: string, pattern: RegExp): ProviderOption => ({
  description,
  expected,
  pattern,
});

/** 0 or 1. ONNX Runtime takes True and False too, but one spelling makes records comparable. */
export const onOff = (description: string): ProviderOption => numbered(description, '0 or 1', /[01]/);

export const whole = (description: string): ProviderOption => numbered(description, 'a whole number', /\d{1,19}/);

export const oneOf = (description: string, ...values: string[]): ProviderOption =>
  numbered(description, values.join(', '), new RegExp(values.join('|')));

/** Any text; `cache` marks what keeps results of compiling or tuning between runs. */
export const text = (description: string): ProviderOption => ({ description });

export const arenaStrategy = oneOf('How the memory arena grows.', 'kNextPowerOfTwo', 'kSameAsRequested');
