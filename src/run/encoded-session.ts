// An encoder-decoder as one session: its first run is the encoder and the decoder's first run, those after it are the decoder's.
// What the encoder gives stays where the provider made it; both sessions of a runtime share it.

import type { Assignment, Generation, GenerationBlock, Runtime, Session, SessionRequest } from '../runtime/session.js';
import type { HostTensor } from '../util/tensor.js';
import type { OpenedSource } from './source.js';

type Encoder = NonNullable<OpenedSource['encoder']>;

/** Opens a source: both sessions where it has an encoder. */
export async function openSession(runtime: Runtime, request: SessionRequest, opened: OpenedSource): Promise<Session> {
  const { encoder } = opened;
  if (encoder === undefined) return runtime.open(request);
  const { source, freeDimensions } = encoder;
  const first = await runtime.open({ ...request, source, freeDimensions });
  return new EncodedSession(first, await runtime.open(request), encoder);
}

const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

class EncodedSession implements Session {
  readonly inputs;
  readonly outputs;
  readonly openTimes;
  readonly deviceMemory;
  readonly providerName;
  /** Of the run that gave the bound values, until a run of both has it counted. */
  #encodeNs: number | null = null;
  #cancelled = false;

  constructor(
    private readonly encoder: Session,
    private readonly decoder: Session,
    private readonly given: Encoder,
  ) {
    this.inputs = decoder.inputs;
    this.outputs = decoder.outputs;
    this.deviceMemory = decoder.deviceMemory;
    this.providerName = decoder.providerName;
    const [a, b] = [encoder.openTimes, decoder.openTimes];
    this.openTimes = {
      weightFillNs: sum(a.weightFillNs, b.weightFillNs),
      weightBytes: sum(a.weightBytes, b.weightBytes),
      sessionCreateNs: a.sessionCreateNs + b.sessionCreateNs,
    };
  }

  async bind(feeds: Record<string, HostTensor>): Promise<void> {
    await this.encoder.bind(this.given.feeds);
    this.#encodeNs = await this.encoder.runOnce();
    await this.decoder.bind(feeds, { session: this.encoder, links: this.given.links });
  }

  async runOnce(): Promise<number> {
    const encodeNs = this.#encodeNs ?? (await this.encoder.runOnce());
    this.#encodeNs = null;
    return encodeNs + (await this.decoder.runOnce());
  }

  readOutputs() {
    return this.decoder.readOutputs();
  }

  /** Of both, one after the other. */
  async sample(count: number) {
    this.#cancelled = false;
    const durationsNs: number[] = [];
    const total = { wallNs: 0, cpuNs: 0 };
    while (durationsNs.length < count && !this.#cancelled) {
      const parts = [await this.encoder.sample(1), await this.decoder.sample(1)];
      for (const { wallNs, cpuNs } of parts) {
        total.wallNs += wallNs;
        total.cpuNs += cpuNs;
      }
      if (parts.every((part) => part.durationsNs.length === 1))
        durationsNs.push(parts[0]!.durationsNs[0]! + parts[1]!.durationsNs[0]!);
    }
    return { durationsNs: Float64Array.from(durationsNs), ...total };
  }

  async generate(generation: Generation): Promise<GenerationBlock> {
    this.#cancelled = false;
    const encoded = await this.encoder.sample(1);
    const none = { durationsNs: new Float64Array(0), wallNs: 0, cpuNs: 0, cacheBytes: 0 };
    const done = encoded.durationsNs.length === 1 && !this.#cancelled;
    const decoded = done ? await this.decoder.generate(generation) : none;
    if (decoded.durationsNs.length > 0) decoded.durationsNs[0]! += encoded.durationsNs[0]!;
    return { ...decoded, wallNs: encoded.wallNs + decoded.wallNs, cpuNs: encoded.cpuNs + decoded.cpuNs };
  }

  cancel(): void {
    this.#cancelled = true;
    this.encoder.cancel();
    this.decoder.cancel();
  }

  async assignments(): Promise<Assignment[]> {
    return [...((await this.encoder.assignments?.()) ?? []), ...((await this.decoder.assignments?.()) ?? [])];
  }

  async endProfiling() {
    await this.encoder.endProfiling();
    return this.decoder.endProfiling();
  }

  async close(): Promise<void> {
    await this.decoder.close();
    await this.encoder.close();
  }
}
