import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseProviders } from '../../src/provider/ep-list.js';

const parse = (text: string) => parseProviders(text, '--ep');

test('commas part providers and options alike', () => {
  assert.equal(parse('cpu'), [{ name: 'cpu', options: {} }]);
  assert.equal(parse('cpu,cuda:device_id=1,enable_cuda_graph=1,webgpu'), [
    { name: 'cpu', options: {} },
    { name: 'cuda', options: { device_id: '1', enable_cuda_graph: '1' } },
    { name: 'webgpu', options: {} },
  ]);
});

test('a provider may stand twice, with other options', () => {
  assert.equal(
    parse('cuda:use_tf32=0,cuda:use_tf32=1').map(({ options }) => options.use_tf32),
    ['0', '1'],
  );
});

test('values may hold colons, equals signs and escaped commas', () => {
  assert.equal(parse('openvino:device_type=AUTO:GPU\\,CPU,load_config=a=b'), [
    { name: 'openvino', options: { device_type: 'AUTO:GPU,CPU', load_config: 'a=b' } },
  ]);
  assert.equal(parse('cpu,openvino:device_type=HETERO:GPU').at(-1)!.options, { device_type: 'HETERO:GPU' });
  assert.equal(parse('openvino:num_streams=1,device_type=MULTI:GPU')[0]!.options.device_type, 'MULTI:GPU');
});

test('names are read in any case, with blanks around', () => {
  assert.equal(parse(' CUDA : device_id = 0 , CPU '), [
    { name: 'cuda', options: { device_id: '0' } },
    { name: 'cpu', options: {} },
  ]);
});

test('names of objects are options like others', () => {
  assert.equal(Object.entries(parse('x:constructor=1')[0]!.options), [['constructor', '1']]);
});

for (const [text, message] of [
  ['', /an empty part/],
  ['cpu,', /an empty part/],
  ['device_id=1', /an option without a provider before it/],
  ['cuda:device_id', /'device_id': expected key=value/],
  ['cuda:', /an empty part: expected key=value/],
  ['cuda:=1', /expected key=value/],
  ['cuda:device_id=', /takes no empty values/],
  ['cuda:device_id=1,device_id=2', /given twice/],
  ['../cpu', /expected provider or provider:key=value/],
  ['cpu cuda', /expected provider/],
] as const) {
  test(`refused: '${text}'`, () => {
    assert.throws(() => parse(text), message);
  });
}

test.run();
