// What a page of this folder says about an execution provider. A file src/provider/<ep>.ts that exports `provider` is all
// that a new one needs: its name is the file's.

export interface ProviderContext {
  platform: NodeJS.Platform;
  arch: string;
  /** Providers that the runtime's library says it was built with, e.g. 'CPUExecutionProvider' or 'cpu'. */
  libraryProviders: readonly string[];
}

export type Availability = { state: 'available' } | { state: 'unavailable'; reason: string; advice: string };

export interface ProviderOption {
  description: string;
  /** Pattern that the whole value must match; absent: any text. */
  pattern?: RegExp;
  /** In words, for the message when it does not match, e.g. 'a whole number'. */
  expected?: string;
}

export interface Provider {
  /** ONNX Runtime's canonical name, e.g. 'CPUExecutionProvider'. */
  ortName: string;
  title: string;
  /** Whether a session can be tried at all; a device or driver that is missing shows only when one is opened. */
  availability(context: ProviderContext): Availability;
  options: Record<string, ProviderOption>;
  /** One line: how to get it on this machine. */
  installHint(context: ProviderContext): string;
}

/** Whether the library lists the provider: runtimes spell it 'CPUExecutionProvider' or 'cpu'. */
export function inLibrary(ortName: string, context: ProviderContext): boolean {
  const plain = (name: string) => name.toLowerCase().replace(/executionprovider$/, '');
  return context.libraryProviders.some((name) => plain(name) === plain(ortName));
}
