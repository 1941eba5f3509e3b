import * as assert from 'uvu/assert';

/** Equal to `relative` of the expected size; objects and lists part by part; null and flags exactly. */
export function assertClose(actual: unknown, expected: unknown, relative = 1e-9, path = 'value'): void {
  if (typeof expected === 'number') {
    const allowed = relative * Math.max(Math.abs(expected), 1e-12);
    assert.ok(
      typeof actual === 'number' && Math.abs(actual - expected) <= allowed,
      `${path}: ${String(actual)} is not close to ${expected}`,
    );
  } else if (expected !== null && typeof expected === 'object') {
    assert.ok(actual !== null && typeof actual === 'object', `${path}: ${String(actual)} is no object`);
    assert.equal(Object.keys(actual).sort(), Object.keys(expected).sort(), `${path}: keys`);
    for (const [key, part] of Object.entries(expected)) {
      assertClose((actual as Record<string, unknown>)[key], part, relative, `${path}.${key}`);
    }
  } else {
    assert.is(actual, expected, `${path}: ${String(actual)} is not ${String(expected)}`);
  }
}
