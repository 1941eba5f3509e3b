// post_processor of a tokenizer.json -> templates (kind, id, type id); see binding/preprocess/text_assembly.h.

import type { Json } from './json.js';

export interface Templates {
  single: number[];
  pair: number[];
}

const FIRST = 0;
const SECOND = 1;
const SPECIAL = 2;
const MAX_ID = 0x7fffffff;

/** Without a post-processor the second text follows the first, as type 1. */
const PLAIN: Templates = { single: [FIRST, 0, 0], pair: [FIRST, 0, 0, SECOND, 0, 1] };

/** @throws UsageError for templates that contradict themselves, or two processors of which both add tokens */
export function compilePostProcessor(node: Json): Templates {
  return compile(node) ?? PLAIN;
}

/** Undefined for a processor that leaves the ids as they are. */
function compile(node: Json): Templates | undefined {
  if (node.absent) return undefined;
  const type = node.at('type').text();
  const named = (key: string) => {
    const [, id] = node.at(key).items(2);
    return id ? id.whole(0, MAX_ID) : node.at(key).fail('expected [token, id]');
  };
  switch (type) {
    case 'ByteLevel':
      return undefined;
    case 'BertProcessing': {
      const [cls, sep] = [named('cls'), named('sep')];
      const single = [SPECIAL, cls, 0, FIRST, 0, 0, SPECIAL, sep, 0];
      return { single, pair: [...single, SECOND, 0, 1, SPECIAL, sep, 1] };
    }
    case 'RobertaProcessing': {
      const [cls, sep] = [named('cls'), named('sep')];
      const single = [SPECIAL, cls, 0, FIRST, 0, 0, SPECIAL, sep, 0];
      return { single, pair: [...single, SPECIAL, sep, 0, SECOND, 0, 0, SPECIAL, sep, 0] };
    }
    case 'TemplateProcessing':
      return { single: compileTemplate(node, 'single'), pair: compileTemplate(node, 'pair') };
    case 'Sequence': {
      const adding = node
        .at('processors')
        .items()
        .map(compile)
        .filter((templates) => templates !== undefined);
      if (adding.length > 1)
        node.fail('more than one of the processors adds tokens, which Rust tokenizers cannot do either');
      return adding[0];
    }
    default:
      return node.fail(`unknown post-processor '${type}'`);
  }
}

function compileTemplate(node: Json, key: 'single' | 'pair'): number[] {
  return node
    .at(key)
    .items(1024)
    .flatMap((piece) => {
      const sequence = piece.at('Sequence');
      if (!sequence.absent) {
        const second = sequence.at('id').oneOf(['A', 'B']) === 'B';
        if (second && key === 'single') piece.fail('the template of a single text names a second one');
        return [second ? SECOND : FIRST, 0, sequence.at('type_id').whole(0, MAX_ID)];
      }
      const special = piece.at('SpecialToken');
      const name = special.at('id').text();
      const ids = node.at('special_tokens').at(name).at('ids');
      if (ids.absent) special.fail(`'${name}' is not among special_tokens`);
      return ids.items(1024).flatMap((id) => [SPECIAL, id.whole(0, MAX_ID), special.at('type_id').whole(0, MAX_ID)]);
    });
}
