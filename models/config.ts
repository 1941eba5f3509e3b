// The configuration of a family: the keys of the checkpoint's own config.json with the defaults of its transformers class.
// A key that the page does not know is refused by name, unless it can be shown not to change what a forward pass computes: it is on
// a list, or its value is null or false and so asks for nothing (`mlp_bias` in Phi-3's files, `use_mrope` in Qwen2's).

import { UsageError } from '../src/util/error.js';

/** A key whose value is one of a list; the first is the default. */
class OneOf<T> {
  constructor(readonly values: readonly T[]) {}
}
/** A key that may be null. */
class Nullable<T> {
  constructor(
    readonly fallback: T | null,
    readonly kind: string | null,
  ) {}
}
/** A key that holds a configuration of its own. */
class Nested<C> {
  constructor(readonly spec: ConfigSpec<C>) {}
}

/** The key `architectures`: which of a family's classes a checkpoint holds. */
class Classes<T> {
  constructor(readonly names: readonly T[]) {}
}

export const oneOf = <const T>(...values: T[]): OneOf<T> => new OneOf(values);
/** @param fallback the default; `kind` is checked where a value is given: 'number', 'string', 'boolean', 'array', 'object' */
export const nullable = <T>(
  kind: 'number' | 'string' | 'boolean' | 'array' | 'object' | null,
  fallback: T | null = null,
): Nullable<T> => new Nullable(fallback, kind);
/** Reads as [name of the class]: the first of `names` where config.json names none. Real checkpoints name theirs. */
export const classes = <const T extends string>(...names: T[]): Classes<T> => new Classes(names);
export const nested = <C>(spec: ConfigSpec<C>): Nested<C> => new Nested(spec);

type Value<F> =
  F extends OneOf<infer T>
    ? T
    : F extends Classes<infer T>
      ? T[]
      : F extends Nullable<infer T>
        ? T | null
        : F extends Nested<infer C>
          ? C
          : F extends number
            ? number
            : F extends string
              ? string
              : F extends boolean
                ? boolean
                : F;
type Values<F> = { -readonly [K in keyof F]: Value<F[K]> };

export interface ConfigSpec<C> {
  fields: Record<string, unknown>;
  ignore: ReadonlySet<string>;
  /** Second names of keys (transformers' attribute_map and kin); where both are given, the second name's value holds. */
  aliases: Readonly<Record<string, string>>;
  /** Phantom: the type of a read configuration. */
  readonly type?: C;
}

export type ConfigOf<S> = S extends ConfigSpec<infer C> ? C : never;

/**
 * @param ignore keys of this family that change nothing in a forward pass (training, generation, output options)
 * @param aliases second names of keys that checkpoints use: second name -> key
 */
export function defineConfig<F extends Record<string, unknown>>(
  fields: F,
  ignore: readonly string[] = [],
  aliases: Readonly<Record<string, keyof F & string>> = {},
): ConfigSpec<Values<F>> {
  return { fields, ignore: new Set(ignore), aliases };
}

/** What a checkpoint's config.json may say: JSON values. */
export type Json = { [key: string]: unknown };

/**
 * Reads a configuration: unknown keys are refused, missing ones get the default of the family.
 * @throws UsageError naming the key, its value and what would be accepted
 */
export function readConfig<C>(spec: ConfigSpec<C>, json: Json, where = 'config'): C {
  json = withLabelCount(spec, withoutAliases(spec, json));
  for (const key of Object.keys(json)) {
    if (key in spec.fields || spec.ignore.has(key) || IGNORED.has(key)) continue;
    if (json[key] === null || json[key] === false) continue;
    throw new UsageError(
      `${where}: the key '${key}' (${JSON.stringify(json[key])?.slice(0, 60)}) is not known to this model family`,
    );
  }
  const read = Object.entries(spec.fields).map(([key, field]) => [key, readField(field, json[key], `${where}.${key}`)]);
  return Object.fromEntries(read) as C;
}

function withoutAliases({ aliases }: ConfigSpec<unknown>, json: Json): Json {
  const found = Object.keys(aliases).filter((alias) => Object.hasOwn(json, alias));
  if (found.length === 0) return json;
  const kept = Object.entries(json).filter(([key]) => !found.includes(key));
  return { ...Object.fromEntries(kept), ...Object.fromEntries(found.map((alias) => [aliases[alias], json[alias]])) };
}

/** config.json states the number of labels by its table of names. */
function withLabelCount(spec: ConfigSpec<unknown>, json: Json): Json {
  const names = json.id2label;
  if (!('num_labels' in spec.fields) || json.num_labels !== undefined || typeof names !== 'object' || names === null)
    return json;
  return { ...json, num_labels: Object.keys(names).length };
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);

function readField(field: unknown, value: unknown, where: string): unknown {
  if (field instanceof Classes) {
    const [chosen] = Array.isArray(value) && value.length > 0 ? value : field.names;
    if (field.names.includes(chosen)) return [chosen];
    throw new UsageError(`${where}: ${JSON.stringify(chosen)} is not supported; known: ${field.names.join(', ')}`);
  }
  if (field instanceof Nested) return readConfig(field.spec, (value ?? {}) as Json, where);
  if (field instanceof OneOf) {
    const chosen = value === undefined ? field.values[0] : value;
    if (!field.values.includes(chosen)) {
      throw new UsageError(
        `${where}: ${JSON.stringify(chosen)} is not supported; known: ${field.values.map((item) => JSON.stringify(item)).join(', ')}`,
      );
    }
    return chosen;
  }
  if (field instanceof Nullable) {
    if (value === undefined || value === null) return value === null ? null : field.fallback;
    if (field.kind && kindOf(value) !== field.kind)
      throw new UsageError(`${where}: expected ${field.kind} or null, got ${JSON.stringify(value)?.slice(0, 60)}`);
    return value;
  }
  if (value === undefined) return field;
  if (kindOf(value) !== kindOf(field))
    throw new UsageError(`${where}: expected ${kindOf(field)}, got ${JSON.stringify(value)?.slice(0, 60)}`);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new UsageError(`${where}: expected a finite number`);
  return value;
}

/** Keys of every transformers configuration that a forward pass in evaluation mode does not read. */
const IGNORED = new Set(
  `_name_or_path transformers_version architectures auto_map model_type torch_dtype dtype id2label label2id num_labels problem_type finetuning_task
  task_specific_params tokenizer_class prefix return_dict return_dict_in_generate output_attentions output_hidden_states output_scores use_cache
  torchscript use_bfloat16 tf_legacy_loss pruned_heads chunk_size_feed_forward is_encoder_decoder tie_encoder_decoder
  add_cross_attention cross_attention_hidden_size is_decoder
  bos_token_id eos_token_id pad_token_id sep_token_id decoder_start_token_id bad_words_ids begin_suppress_tokens suppress_tokens forced_bos_token_id
  forced_eos_token_id min_length max_length length_penalty no_repeat_ngram_size encoder_no_repeat_ngram_size num_beams num_beam_groups
  num_return_sequences do_sample early_stopping temperature top_k top_p typical_p repetition_penalty diversity_penalty remove_invalid_values
  exponential_decay_length_penalty initializer_range initializer_factor init_std gradient_checkpointing classifier_dropout attention_dropout
  attention_probs_dropout_prob hidden_dropout_prob hidden_dropout dropout activation_dropout attn_pdrop embd_pdrop resid_pdrop dropout_rate layerdrop
  output_past pretraining_tp
  attn_implementation _attn_implementation _attn_implementation_autoset attn_implementation_internal`.split(/\s+/),
);
