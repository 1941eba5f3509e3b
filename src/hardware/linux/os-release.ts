/** PRETTY_NAME of /etc/os-release (os-release(5)): shell assignments, quoted or not. */
export function parseOsRelease(text: string): string | null {
  const value = /^PRETTY_NAME=(.*)$/m.exec(text)?.[1]?.trim();
  return value?.replace(/^(["'])(.*)\1$/, '$2') || null;
}
