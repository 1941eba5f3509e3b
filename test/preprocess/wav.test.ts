import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readWav } from '../../src/preprocess/index.js';
import { UsageError } from '../../src/util/error.js';

const test = suite('wav');

interface Parts {
  tag?: number;
  channels?: number;
  rate?: number;
  bits?: number;
  block?: number;
  data?: Buffer;
  dataSize?: number;
  extensible?: boolean;
  before?: Buffer;
}

function chunk(name: string, body: Buffer, size = body.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(name);
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** A WAVE file; every field can be made to lie. */
function wav(parts: Parts): Uint8Array {
  const { tag = 1, channels = 1, rate = 16_000, bits = 16, data = Buffer.alloc(0), extensible = false } = parts;
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt16LE(parts.block ?? (channels * bits) / 8, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) {
    format.writeUInt16LE(tag, 24);
    Buffer.from('000000001000800000aa00389b71', 'hex').copy(format, 26);
  }
  const body = [parts.before ?? Buffer.alloc(0), chunk('fmt ', format), chunk('data', data, parts.dataSize)];
  const riff = Buffer.concat([Buffer.from('WAVE'), ...body]);
  return new Uint8Array(chunk('RIFF', riff));
}

test('every format gives the same samples', () => {
  const values = [0, 0.5, -0.5, -1, 0.25];
  const write = (bytes: number, put: (buffer: Buffer, x: number, at: number) => void) => {
    const buffer = Buffer.alloc(values.length * bytes);
    values.forEach((x, i) => {
      put(buffer, x, i * bytes);
    });
    return buffer;
  };
  const files: Record<string, Parts> = {
    u8: { bits: 8, data: write(1, (b, x, at) => b.writeUInt8(x * 128 + 128, at)) },
    i16: { bits: 16, data: write(2, (b, x, at) => b.writeInt16LE(x * 2 ** 15, at)) },
    i24: { bits: 24, data: write(3, (b, x, at) => b.writeIntLE(x * 2 ** 23, at, 3)) },
    i32: { bits: 32, data: write(4, (b, x, at) => b.writeInt32LE(x * 2 ** 31, at)) },
    f32: { tag: 3, bits: 32, data: write(4, (b, x, at) => b.writeFloatLE(x, at)) },
    f64: { tag: 3, bits: 64, data: write(8, (b, x, at) => b.writeDoubleLE(x, at)) },
  };
  for (const [name, parts] of Object.entries(files)) {
    for (const extensible of [false, true]) {
      const read = readWav(wav({ ...parts, extensible, rate: 22_050 }));
      assert.equal([...read.samples], values, name);
      assert.equal(
        [read.sampleRate, read.channels, read.bits, read.float],
        [22_050, 1, parts.bits, parts.tag === 3],
        name,
      );
    }
  }
});

test('channels are averaged, other chunks are passed over, an odd one is padded', () => {
  const data = Buffer.alloc(8);
  [16384, -16384, 32767, 1].forEach((x, i) => {
    data.writeInt16LE(x, i * 2);
  });
  const before = chunk('LIST', Buffer.from('odd'));
  assert.equal([...readWav(wav({ channels: 2, data, before })).samples], [0, 0.5]);
});

const refused = (message: RegExp, bytes: Uint8Array) =>
  assert.throws(
    () => readWav(bytes),
    (error: unknown) => error instanceof UsageError && message.test(error.message) && !/\n/.test(error.message),
    String(message),
  );

test('files that lie are refused with one line', () => {
  const data = Buffer.alloc(6);
  refused(/'data' chunk claims 4294967295 bytes, 6 are left/, wav({ data, dataSize: 0xffffffff }));
  refused(/'data' chunk claims 8 bytes, 6 are left/, wav({ data, dataSize: 8 }));
  refused(/ends within a sample/, wav({ data, bits: 32, tag: 3 }));
  refused(/block size does not match/, wav({ data, block: 3 }));
  refused(/0 channels/, wav({ data, channels: 0 }));
  refused(/65535 channels/, wav({ data, channels: 65_535, block: 2 }));
  refused(/sample rate of 0/, wav({ data, rate: 0 }));
  refused(/format 1 with 12 bits/, wav({ data, bits: 12, block: 2 }));
  refused(/format 85 with 16 bits/, wav({ data, tag: 85 }));
  refused(
    /sub-format/,
    wav({ data, extensible: true }).map((x, i) => (i === 50 ? x + 1 : x)),
  );
  refused(/does not begin with RIFF/, new Uint8Array(3));
  refused(/does not begin with RIFF/, new Uint8Array(4000));
  refused(/no 'data' chunk/, wav({ data }).subarray(0, 36));
  refused(/a chunk claims 99 bytes/, wav({ data, before: chunk('LIST', Buffer.alloc(0), 99) }));
  refused(/'data' chunk comes before 'fmt '/, wav({ before: chunk('data', data) }));
  const nan = Buffer.alloc(8);
  nan.writeFloatLE(Number.NaN, 4);
  refused(/sample 1 is not a finite number/, wav({ tag: 3, bits: 32, data: nan }));
});

test('every cut and every damaged byte gives samples or one clear error', () => {
  const whole = wav({
    channels: 2,
    data: Buffer.alloc(32, 7),
    extensible: true,
    before: chunk('LIST', Buffer.alloc(5)),
  });
  const attempt = (bytes: Uint8Array) => {
    try {
      assert.ok(readWav(bytes).samples.length <= bytes.length);
    } catch (error) {
      assert.instance(error, UsageError);
    }
  };
  for (let cut = 0; cut < whole.length; ++cut) attempt(whole.slice(0, cut));
  for (let i = 0; i < whole.length; ++i) {
    for (const value of [0, 1, 0x7f, 0x80, 0xff]) attempt(whole.map((x, at) => (at === i ? value : x)));
  }
});

test.run();
