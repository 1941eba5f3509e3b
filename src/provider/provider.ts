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
  /** Where it exists at all. */
  platforms: readonly NodeJS.Platform[];
  /** By ONNX Runtime's own names. */
  options: Record<string, ProviderOption>;
  /** Options that hfbench sets where ONNX Runtime's defaults mislead; what the user says wins. */
  preset: Record<string, string>;
  /** The option that holds the threads of a pool of its own; the session's then gets one thread that does not spin. */
  threadsOption?: string;
  /** Whether a session can be tried at all; a device or driver that is missing shows only when one is opened. */
  availability(context: ProviderContext): Availability;
  /** One line: how to get it on this machine. */
  installHint(context: ProviderContext): string;
}

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'Linux',
  win32: 'Windows',
  darwin: 'macOS',
  android: 'Android',
};

/** A page, with what follows from its facts. */
export function defineProvider(
  page: Omit<Provider, 'availability' | 'preset'> & { preset?: Provider['preset'] },
): Provider {
  return {
    preset: {},
    ...page,
    availability(context) {
      const { title, platforms, ortName } = page;
      if (inLibrary(ortName, context)) return { state: 'available' };
      const systems = platforms.map((platform) => SYSTEMS[platform] ?? platform).join(', ');
      const reason = platforms.includes(context.platform)
        ? `this ONNX Runtime was built without ${title}`
        : `${title} exists on ${systems} only`;
      return { state: 'unavailable', reason, advice: page.installHint(context) };
    },
  };
}

/** Whether the library lists the provider: runtimes spell it 'CPUExecutionProvider' or 'cpu'. */
export function inLibrary(ortName: string, context: ProviderContext): boolean {
  const plain = (name: string) =>
    name
      .toLowerCase()
      .replace(/executionprovider$/, '')
      .replace(/^dml$/, 'directml');
  return context.libraryProviders.some((name) => plain(name) === plain(ortName));
}
