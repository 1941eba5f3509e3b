// `--ep cpu,cuda:device_id=1,enable_cuda_graph=1`: which providers, each with options of its own. Commas part both providers
// and options: a piece with '=' and no ':' before it belongs to the provider before it. A comma within a value is written '\,'.

import { UsageError } from '../util/error.js';

export interface ProviderRequest {
  name: string;
  options: Record<string, string>;
}

const NAME = /^[A-Za-z][\w.-]*$/;

/** @param where the flag or key, for messages. @throws UsageError for what is no such list */
export function parseProviders(text: string, where: string): ProviderRequest[] {
  const refuse = (piece: string, why: string): never => {
    throw new UsageError(`${where} ${text}: ${piece === '' ? 'an empty part' : `'${piece}'`}: ${why}`);
  };
  const list: ProviderRequest[] = [];
  const addOption = (piece: string) => {
    const at = piece.indexOf('=');
    const key = piece.slice(0, at).trim();
    const options = list.at(-1)!.options;
    if (at < 1 || key === '') refuse(piece, 'expected key=value');
    if (Object.hasOwn(options, key)) refuse(piece, 'the option is given twice');
    options[key] = piece.slice(at + 1).trim();
    if (options[key] === '') refuse(piece, 'ONNX Runtime takes no empty values');
  };
  for (const raw of text.split(/(?<!\\),/)) {
    const piece = raw.replaceAll('\\,', ',').trim();
    const colon = piece.indexOf(':');
    const equals = piece.indexOf('=');
    if (equals >= 0 && (colon < 0 || colon > equals)) {
      if (list.length === 0) refuse(piece, 'an option without a provider before it; write provider:key=value');
      addOption(piece);
      continue;
    }
    const name = colon < 0 ? piece : piece.slice(0, colon).trim();
    if (!NAME.test(name)) refuse(piece, 'expected provider or provider:key=value, e.g. cpu,cuda:device_id=1');
    list.push({ name: name.toLowerCase(), options: {} });
    if (colon >= 0) addOption(piece.slice(colon + 1));
  }
  return list;
}
