// `hfbench models show`: one model in facts.

import { findModel, MODELS } from '../../models/registry.js';
import { countMacs, parameterBytes, printGraph } from '../graph/index.js';
import { buildZoo, type ZooChoice } from '../run/zoo-source.js';
import { formatBytes, formatSi } from '../util/number-format.js';

/** Sizes at which the multiply-accumulate operations are counted. */
const COUNTED_AT = { batch: 1, seq: { tiny: 16, full: 128 } };

/** @param whole the graph itself follows, one node a line */
export async function describeModel(choice: ZooChoice, whole: boolean): Promise<string> {
  const { row, page, graph } = await buildZoo(choice);
  const parameters = [...graph.parameters.values()];
  const bytes = parameters.reduce((sum, parameter) => sum + parameterBytes(parameter), 0);
  const sizes = { ...page.sizes, batch: COUNTED_AT.batch, seq: COUNTED_AT.seq[choice.size] };
  const tensor = (name: string, dtype: string, shape: readonly (string | number)[]) =>
    `  ${name}: ${dtype} [${shape.join(', ')}]`;
  const macs = countMacs(graph, sizes);
  const sequence = row.dimensions.includes('seq') ? `, sequence ${sizes.seq}` : '';
  const aliases = MODELS.filter(({ aliasOf }) => aliasOf === choice.name).map(({ name }) => name);
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
    'inputs',
    ...graph.inputs.map(({ name, dtype, shape }) => tensor(name, dtype, shape)),
    'outputs',
    ...graph.outputs.map((output) => tensor(output.name, output.tensor.dtype, output.tensor.shape)),
    whole ? `graph\n${printGraph(graph, '  ')}`.trimEnd() : '',
  ];
  return `${lines.filter((one) => one !== '').join('\n')}\n`;
}
