// Why a provider did not start, from what ONNX Runtime, the loader of the system or a driver said, and what mends it.

export interface Diagnosis {
  /** Stable word of the record, e.g. 'provider-library'. */
  code: string;
  reason: string;
  /** One command or one step. */
  advice: string;
}

export interface DriverFacts {
  /** Of NVIDIA's kernel module, e.g. '535.183.01'; null where there is none or it is silent. */
  nvidiaDriver: string | null;
}

/** Sonames of libraries that providers need beside themselves. */
const LIBRARIES: readonly [RegExp, string][] = [
  [/^(lib)?onnxruntime_providers_(shared|cuda|tensorrt)/, 'run: hfbench ep install cuda'],
  [
    /^(lib)?cudnn\S*?\.so\.(\d+)|^(lib)?cudnn/,
    'install cuDNN 9 for the CUDA of this provider, e.g. apt-get install libcudnn9-cuda-12',
  ],
  [
    /^(lib)?(cudart|cublas|cublasLt|cufft|curand|nvrtc|nvJitLink)/,
    'install the CUDA runtime of that version, e.g. apt-get install cuda-libraries-12-8',
  ],
  [/^(lib)?cuda\.so|^nvcuda/, 'install the NVIDIA driver'],
  [/^(lib)?(nvinfer|nvonnxparser)/, 'install TensorRT 10, e.g. apt-get install libnvinfer10 libnvonnxparsers10'],
  [
    /^(lib)?(amdhip64|rocblas|MIOpen|miopen|hipblas|hipfft|migraphx|rccl)/,
    "install AMD's ROCm (and MIGraphX), and open a new shell",
  ],
  [/^(lib)?openvino/, 'install OpenVINO, e.g. pip install openvino, and put its libs folder on LD_LIBRARY_PATH'],
  [/^(lib)?(Qnn|qnn)/, "install Qualcomm's AI Engine Direct SDK"],
  [/^(lib)?vulkan/, 'install the Vulkan loader, e.g. apt-get install libvulkan1'],
];

/** Oldest driver on Linux for a CUDA major version: NVIDIA's table of CUDA compatibility. */
const OLDEST_DRIVER: Record<string, string> = { 11: '450.80.02', 12: '525.60.13', 13: '580.65.06' };

/** The library that the loader did not find, in the words of glibc, dyld or Windows. */
function missingLibrary(message: string): string | null {
  const named =
    /([\w.+-]+\.so[.\d]*): cannot open shared object file/.exec(message) ??
    /Library not loaded: \S*?([\w.+-]+\.dylib)/.exec(message) ??
    /which depends on "([^"]+)" which is missing/.exec(message);
  return named?.[1] ?? null;
}

function missingLibraryDiagnosis(library: string): Diagnosis {
  const advice = LIBRARIES.find(([pattern]) => pattern.test(library))?.[1] ?? `install ${library}`;
  return { code: 'provider-library', reason: `${library} is needed and was not found`, advice };
}

type Rule = readonly [RegExp, (match: RegExpExecArray, facts: DriverFacts) => Diagnosis];

const RULES: readonly Rule[] = [
  [
    /driver version is insufficient for CUDA runtime version|CUDA failure 35\b|cudaErrorInsufficientDriver/i,
    (_, { nvidiaDriver }) => ({
      code: 'driver-too-old',
      reason: `the NVIDIA driver ${nvidiaDriver ?? '(version unknown)'} is too old: CUDA 12 needs ${OLDEST_DRIVER[12]} or newer, CUDA 13 ${OLDEST_DRIVER[13]}`,
      advice: 'update the driver, or use an ONNX Runtime for an older CUDA with --ort-lib',
    }),
  ],
  [
    /no CUDA-capable device is detected|CUDA failure 100\b|cudaErrorNoDevice/i,
    (_, { nvidiaDriver }) => ({
      code: 'no-device',
      reason: `no NVIDIA GPU is there (driver: ${nvidiaDriver ?? 'none'})`,
      advice: 'in a container, start it with --gpus all; else look at nvidia-smi and CUDA_VISIBLE_DEVICES',
    }),
  ],
  [
    /Invalid device ID: (\d+), must be between 0 \(inclusive\) and (\d+)/i,
    ([, id, count]) => ({
      code: 'device-out-of-range',
      reason: `device_id=${id} is out of range: there ${count === '1' ? 'is 1 device' : `are ${count} devices`}`,
      advice: 'hfbench devices lists them; they count from 0',
    }),
  ],
  [
    /invalid device ordinal|CUDA failure 101\b/i,
    () => ({
      code: 'device-out-of-range',
      reason: 'the device_id is out of range',
      advice: 'hfbench devices lists them; they count from 0',
    }),
  ],
  [
    /CUDA failure 2\b|CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation|hipErrorOutOfMemory|CUBLAS_STATUS_ALLOC_FAILED|BFCArena|Failed to allocate memory|VK_ERROR_OUT_OF_DEVICE_MEMORY/i,
    () => ({
      code: 'device-memory',
      reason: 'the device ran out of memory',
      advice: 'use a smaller --batch, --seq or --dtype, or end what else uses the device',
    }),
  ],
  [
    /Failed to get a WebGPU adapter|No supported adapters/i,
    () => ({
      code: 'no-device',
      reason: 'Dawn found no adapter that it can use',
      advice:
        'install the Vulkan loader and a driver (apt-get install libvulkan1 mesa-vulkan-drivers), or name one in VK_DRIVER_FILES',
    }),
  ],
  [
    /fallback to CPU EP has been explicitly disabled|disable_cpu_ep_fallback/i,
    () => ({
      code: 'fallback',
      reason: 'some nodes would run on the CPU provider',
      advice: 'leave --strict-ep out to see which',
    }),
  ],
  [
    /Failed to load shared library/i,
    () => ({
      code: 'provider-library',
      reason: 'its library, or one that it needs, does not load (HFBENCH_ORT_LOG=error says which)',
      advice: 'run: hfbench ep install cuda',
    }),
  ],
  [
    /execution provider is not (supported|enabled) in this build|not available in this build/i,
    () => ({
      code: 'provider',
      reason: 'this ONNX Runtime was built without it',
      advice: 'point --ort-lib at a build that has it',
    }),
  ],
];

/** Null for what nobody has foreseen: then the message itself is all there is to say. */
export function diagnose(message: string, facts: DriverFacts): Diagnosis | null {
  const library = missingLibrary(message);
  if (library !== null) return missingLibraryDiagnosis(library);
  for (const [pattern, read] of RULES) {
    const match = pattern.exec(message);
    if (match !== null) return read(match, facts);
  }
  return null;
}
