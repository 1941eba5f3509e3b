// What libraries and drivers say, word by word, and what is made of it.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnose } from '../../src/provider/diagnose.js';

const said = (message: string, nvidiaDriver: string | null = null) => diagnose(message, { nvidiaDriver });

for (const [label, message, code, reason, advice] of [
  [
    'the files of the CUDA provider are missing',
    '[ONNXRuntimeError] : 1 : FAIL : Failed to load library /opt/libonnxruntime_providers_shared.so with error: /opt/libonnxruntime_providers_shared.so: cannot open shared object file: No such file or directory',
    'provider-library',
    /^libonnxruntime_providers_shared\.so is needed/,
    /hfbench ep install cuda/,
  ],
  [
    'cuDNN is missing',
    'Failed to load library libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object file: No such file or directory',
    'provider-library',
    /^libcudnn\.so\.9 is needed/,
    /cuDNN 9/,
  ],
  [
    'a CUDA of another major version',
    'Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No such file or directory',
    'provider-library',
    /^libcublasLt\.so\.12 is needed/,
    /CUDA runtime/,
  ],
  [
    'a library on Windows',
    'Error loading "C:\\onnxruntime_providers_cuda.dll" which depends on "cudnn64_9.dll" which is missing.',
    'provider-library',
    /^cudnn64_9\.dll is needed/,
    /cuDNN/,
  ],
  [
    'no GPU',
    'CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; hostname=x ; expr=cudaSetDevice(info_.device_id);',
    'no-device',
    /no NVIDIA GPU is there \(driver: none\)/,
    /--gpus all/,
  ],
  [
    'an index out of range',
    'Invalid device ID: 7, must be between 0 (inclusive) and 2 (exclusive).',
    'device-out-of-range',
    /device_id=7 is out of range: there are 2 devices/,
    /hfbench devices/,
  ],
  [
    'memory of the device',
    'CUDA failure 2: out of memory ; GPU=0 ; expr=cudaMalloc((void**)&p, size);',
    'device-memory',
    /ran out of memory/,
    /--batch/,
  ],
  [
    'memory of the arena',
    'bfc_arena.cc:376 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool) Failed to allocate memory for requested buffer of size 4096',
    'device-memory',
    /ran out of memory/,
    /--batch/,
  ],
  [
    'no adapter for WebGPU',
    'adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters',
    'no-device',
    /no adapter/,
    /libvulkan1/,
  ],
  [
    'a strict session',
    'This session contains graph nodes that are assigned to the default CPU EP, but fallback to CPU EP has been explicitly disabled by the user.',
    'fallback',
    /on the CPU provider/,
    /--strict-ep/,
  ],
] as const) {
  test(label, () => {
    const found = said(message);
    assert.is(found?.code, code);
    assert.match(found!.reason, reason);
    assert.match(found!.advice, advice);
  });
}

test('a driver too old is told with both versions', () => {
  const found = said('CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version', '470.57.02');
  assert.is(found?.code, 'driver-too-old');
  assert.match(found!.reason, /driver 470\.57\.02 is too old: CUDA 12 needs 525\.60\.13/);
});

test('nothing is made of what nobody has foreseen', () => {
  assert.is(said('the sky is falling'), null);
});

test.run();
