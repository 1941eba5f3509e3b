// `hfbench models show`: one model in facts.

import { type Preprocess, preprocessOf } from '../../models/preprocess.js';
import { findModel, MODELS } from '../../models/registry.js';
import { countMacs, parameterBytes, printGraph } from '../graph/index.js';
import { type AudioKind, completeAudioOptions } from '../preprocess/audio-options.js';
import { describeAudio, describeImage } from '../preprocess/describe.js';
import { imageOptionsFromConfig } from '../preprocess/image-config.js';
import { completeImageOptions } from '../preprocess/image-options.js';
import { buildZoo, type ZooChoice } from '../run/zoo-source.js';
import { formatBytes, formatSi } from '../util/number-format.js';

/** Sizes at which the multiply-accumulate operations are counted. */
const COUNTED_AT = { batch: 1, seq: { tiny: 16, full: 128 } };

/** One line for each kind of raw input. */
function preprocessLines({ text, image, audio }: Preprocess): string[] {
  const lines = [
    text === undefined ? '' : `text         ${text} tokenizer`,
    image === undefined ? '' : `image        ${describeImage(completeImageOptions(imageOptionsFromConfig(image)))}`,
    audio === undefined ? '' : `audio        ${describeAudio(completeAudioOptions(audio as { kind: AudioKind }))}`,
  ];
  return lines.filter((line) => line !== '');
}

/** @param whole the graph itself follows, one node a line */
export async function describeModel(choice: ZooChoice, whole: boolean): Promise<string> {
  const { row, page, graph } = await buildZoo(choice);
  const parameters = [...graph.parameters.values()];
  const bytes = parameters.reduce((sum, parameter) => sum + parameterBytes(parameter), 0);
  const seq = choice.size === 'tiny' ? COUNTED_AT.seq.tiny : (page.sizes?.seq ?? COUNTED_AT.seq.full);
  const sizes = { ...page.sizes, batch: COUNTED_AT.batch, seq };
  const tensor = (name: string, dtype: string, shape: readonly (string | number)[]) =>
    `  ${name}: ${dtype} [${shape.join(', ')}]`;
  const macs = countMacs(graph, sizes);
  const sequence = row.dimensions.includes('seq') ? `, sequence ${sizes.seq}` : '';
  const aliases = MODELS.filter(({ aliasOf }) => aliasOf === choice.name).map(({ name }) => name);
  const said = preprocessOf(page, choice.size === 'tiny' ? page.tiny : page.variants[choice.name]!.config, choice.name);
  const lines = [
    `${choice.name}: ${row.family}, ${row.category}, ${row.task}`,
    row.checkpoint === null ? '' : `checkpoint   https://huggingface.co/${row.checkpoint}`,
    aliases.length === 0 ? '' : `also called  ${aliases.join(', ')}`,
    findModel(choice.name)?.aliasOf ? `same as      ${row.aliasOf}` : '',
    `class        ${page.architectures.join(', ')}`,
    `size         ${choice.size}, ${choice.dtype}, ${choice.style}`,
    `parameters   ${parameters.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0).toLocaleString('en')}`,
    `weights      ${formatBytes(bytes)} in ${parameters.length} tensors`,
    `nodes        ${graph.nodes.length}`,
    macs === null ? '' : `MACs         ${formatSi(macs, '')} at batch 1${sequence}`,
    ...(said === null ? [] : preprocessLines(said)),
    'inputs',
    ...graph.inputs.map(({ name, dtype, shape }) => tensor(name, dtype, shape)),
    'outputs',
    ...graph.outputs.map((output) => tensor(output.name, output.tensor.dtype, output.tensor.shape)),
    whole ? `graph\n${printGraph(graph, '  ')}`.trimEnd() : '',
  ];
  return `${lines.filter((one) => one !== '').join('\n')}\n`;
}
