// The part of JSON Schema (draft 2020-12) that a report needs: to write it down, and to check a value against it. The checker is
// small because ajv would be a dependency of every installation; the tests hold it against ajv.

type TypeName = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'object' | 'array';

export interface Schema {
  $schema?: string;
  $id?: string;
  title?: string;
  description?: string;
  type?: TypeName | TypeName[];
  const?: string | number;
  enum?: string[];
  minimum?: number;
  properties?: { [name: string]: Schema };
  required?: string[];
  additionalProperties?: Schema;
  items?: Schema;
}

export const text: Schema = { type: 'string' };

export function nullable(type: TypeName, minimum?: number): Schema {
  return minimum === undefined ? { type: [type, 'null'] } : { type: [type, 'null'], minimum };
}

export function array(items: Schema): Schema {
  return { type: 'array', items };
}

/** Every property is required but those of `optional`; others are allowed, since a later version may add some. */
export function object(
  properties: Record<string, Schema>,
  description?: string,
  optional: Record<string, Schema> = {},
): Schema {
  const all = { ...properties, ...optional };
  const schema: Schema = { type: 'object', properties: all, required: Object.keys(properties) };
  return description === undefined ? schema : { ...schema, description };
}

/** The first thing wrong with a value, as 'where: what'; null when it follows the schema. */
export function firstViolation(schema: Schema, value: unknown, path = ''): string | null {
  const wrong = (what: string) => `${path || 'the report'} ${what}`;
  if (schema.const !== undefined && value !== schema.const) return wrong(`must be ${JSON.stringify(schema.const)}`);
  if (schema.enum && !schema.enum.includes(value as string)) return wrong(`must be one of ${schema.enum.join(', ')}`);
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => hasType(value, type))) {
    return wrong(`must be ${types.join(' or ')}, is ${shown(value)}`);
  }
  if (schema.minimum !== undefined && typeof value === 'number' && value < schema.minimum) {
    return wrong(`must be ${schema.minimum} or more, is ${shown(value)}`);
  }
  if (Array.isArray(value)) return schema.items ? firstOfItems(schema.items, value, path) : null;
  return value !== null && typeof value === 'object' ? firstOfProperties(schema, value, path) : null;
}

function firstOfItems(items: Schema, values: unknown[], path: string): string | null {
  for (let i = 0; i < values.length; i += 1) {
    const violation = firstViolation(items, values[i], `${path}[${i}]`);
    if (violation) return violation;
  }
  return null;
}

function firstOfProperties({ required, properties, additionalProperties }: Schema, value: object, path: string) {
  const missing = required?.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return `${path || 'the report'} lacks '${missing}'`;
  for (const [name, item] of Object.entries(value)) {
    const known = properties && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    const violation = known && firstViolation(known, item, path === '' ? name : `${path}.${name}`);
    if (violation) return violation;
  }
  return null;
}

function hasType(value: unknown, type: TypeName): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return value !== null && typeof value === 'object' && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 40 ? `${json.slice(0, 37)}...` : json;
}
