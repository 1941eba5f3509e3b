// Audio preprocessing: WAV, sample rates, spectra and normalisation (binding/preprocess/audio*.h).
#include "binding/glue/preprocess_handle.h"
#include "binding/preprocess/audio.h"
#include "binding/preprocess/audio_resample.h"
#include "binding/preprocess/audio_spectrum.h"
#include "binding/preprocess/audio_wav.h"

namespace hfbench::glue {
namespace {

using preprocess::SpectrumPlan;
constexpr const char* kScales[] = {"htk", "kaldi", "slaney"};
constexpr const char* kWindows[] = {"hann", "hann-symmetric", "povey"};
constexpr const char* kLogs[] = {"none", "natural", "decimal", "decibel"};
constexpr size_t kMostSamples = size_t{1} << 31;

struct Samples {
  float* data;
  size_t size;
};

Samples Floats(const Argument& argument) {
  const Bytes bytes = argument.View(napi_float32_array, "Float32Array");
  return {reinterpret_cast<float*>(bytes.data), bytes.size / sizeof(float)};
}

Samples Floats(const Argument& argument, size_t count) {
  const Samples floats = Floats(argument);
  argument.Require(floats.size == count, "a Float32Array of " + std::to_string(count) + " elements");
  return floats;
}

}  // namespace

Napi::Value createSpectrum(const Napi::CallbackInfo& info) {
  const Argument spec = At(info, 0, "createSpectrum", "spec");
  constexpr uint64_t kMost = 1 << 20;
  const auto whole = [&](const char* field) { return static_cast<int>(spec.Field(field).Whole(1, kMost)); };
  preprocess::SpectrumSpec s;
  s.sample_rate = whole("sampleRate");
  s.frame_length = whole("frameLength");
  s.hop = whole("hop");
  s.fft_length = whole("fftLength");
  s.mels = whole("mels");
  s.min_hz = spec.Field("minHz").Number();
  s.max_hz = spec.Field("maxHz").Number();
  s.scale = static_cast<preprocess::MelScale>(Choice(spec.Field("scale"), kScales));
  s.slaney_norm = spec.Field("slaneyNorm").Flag();
  s.triangles_in_mel = spec.Field("trianglesInMel").Flag();
  s.window = static_cast<preprocess::Window>(Choice(spec.Field("window"), kWindows));
  s.center = spec.Field("center").Flag();
  s.remove_mean = spec.Field("removeMean").Flag();
  s.preemphasis = spec.Field("preemphasis").Number();
  s.gain = spec.Field("gain").Number();
  s.floor = spec.Field("floor").Number();
  s.log = static_cast<preprocess::LogKind>(Choice(spec.Field("log"), kLogs));
  return Hold(info.Env(), SpectrumPlan(s));
}

Napi::Value frameCount(const Napi::CallbackInfo& info) {
  const auto& plan = Given<SpectrumPlan>(At(info, 0, "frameCount", "spectrum"), "made by createSpectrum");
  const size_t length = At(info, 1, "frameCount", "length").Whole(0, kMostSamples);
  return Napi::Number::New(info.Env(), static_cast<double>(plan.FrameCount(length)));
}

Napi::Value logMel(const Napi::CallbackInfo& info) {
  const auto& plan = Given<SpectrumPlan>(At(info, 0, "logMel", "spectrum"), "made by createSpectrum");
  const Samples samples = Floats(At(info, 1, "logMel", "samples"));
  const Argument how = At(info, 2, "logMel", "options");
  const size_t length = how.Field("length").Whole(0, kMostSamples);
  const size_t frames = how.Field("frames").Whole(1, kMostSamples);
  const size_t mels = plan.spec().mels;
  const bool mel_major = how.Field("melMajor").Flag();
  const auto precision = how.Field("double").Flag() ? preprocess::Precision::kDouble : preprocess::Precision::kFloat;
  const Samples out = Floats(At(info, 3, "logMel", "out"), frames * mels);
  plan.Run(samples.data, std::min(samples.size, length), length, frames, out.data, mel_major ? 1 : mels,
           mel_major ? frames : 1, precision, how.Field("threads").Whole(0, 1024));
  return info.Env().Undefined();
}

Napi::Value normalizeWaveform(const Napi::CallbackInfo& info) {
  const Samples samples = Floats(At(info, 0, "normalizeWaveform", "samples"));
  const double epsilon = At(info, 1, "normalizeWaveform", "epsilon").Number();
  const Samples out = Floats(At(info, 2, "normalizeWaveform", "out"), samples.size);
  return Napi::Boolean::New(info.Env(), preprocess::NormalizeWaveform(samples.data, samples.size, epsilon, out.data));
}

Napi::Value normalizeColumns(const Napi::CallbackInfo& info) {
  const Samples values = Floats(At(info, 0, "normalizeColumns", "values"));
  const Argument columns_argument = At(info, 1, "normalizeColumns", "columns");
  const size_t columns = columns_argument.Whole(1, kMostSamples);
  const Argument how = At(info, 2, "normalizeColumns", "options");
  preprocess::ColumnNormalization options;
  options.subtract_mean = how.Field("subtractMean").Flag();
  options.divide_deviation = how.Field("divideDeviation").Flag();
  options.ddof = static_cast<int>(how.Field("ddof").Whole(0, 1));
  options.epsilon = how.Field("epsilon").Number();
  columns_argument.Require(values.size % columns == 0 && values.size / columns > static_cast<size_t>(options.ddof),
                           "a divisor of the number of values that leaves enough rows");
  preprocess::NormalizeColumns(values.data, values.size / columns, columns, options);
  return info.Env().Undefined();
}

Napi::Value scaleWhisper(const Napi::CallbackInfo& info) {
  const Samples values = Floats(At(info, 0, "scaleWhisper", "values"));
  preprocess::ScaleWhisper(values.data, values.size);
  return info.Env().Undefined();
}

Napi::Value standardize(const Napi::CallbackInfo& info) {
  const Samples values = Floats(At(info, 0, "standardize", "values"));
  const auto shift = static_cast<float>(At(info, 1, "standardize", "shift").Number());
  const auto scale = static_cast<float>(At(info, 2, "standardize", "scale").Number());
  preprocess::ActiveKernels().standardize(values.data, values.size, shift, scale, values.data);
  return info.Env().Undefined();
}

Napi::Value allFinite(const Napi::CallbackInfo& info) {
  const Samples values = Floats(At(info, 0, "allFinite", "values"));
  return Napi::Boolean::New(info.Env(), preprocess::ActiveKernels().all_finite(values.data, values.size));
}

Napi::Value readWav(const Napi::CallbackInfo& info) {
  const Bytes bytes = At(info, 0, "readWav", "bytes").View(napi_uint8_array, "Uint8Array");
  const preprocess::Wav wav = preprocess::ReadWav(bytes.data, bytes.size);
  Napi::Float32Array samples = Napi::Float32Array::New(info.Env(), wav.samples.size());
  std::copy(wav.samples.begin(), wav.samples.end(), samples.Data());
  const Napi::Object result = Napi::Object::New(info.Env());
  result.Set("sampleRate", static_cast<double>(wav.sample_rate));
  result.Set("channels", wav.channels);
  result.Set("bits", wav.bits);
  result.Set("float", wav.is_float);
  result.Set("samples", samples);
  return result;
}

Napi::Value resample(const Napi::CallbackInfo& info) {
  const Samples samples = Floats(At(info, 0, "resample", "samples"));
  constexpr uint64_t kMostHertz = 1 << 24;
  const auto from = static_cast<uint32_t>(At(info, 1, "resample", "from").Whole(1, kMostHertz));
  const auto to = static_cast<uint32_t>(At(info, 2, "resample", "to").Whole(1, kMostHertz));
  const preprocess::Resampler resampler(from, to);
  const size_t length = resampler.OutputLength(samples.size);
  At(info, 0, "resample", "samples").Require(length <= kMostSamples, "shorter: the result would pass 2^31 samples");
  Napi::Float32Array out = Napi::Float32Array::New(info.Env(), length);
  resampler.Run(samples.data, samples.size, out.Data(), At(info, 3, "resample", "threads").Whole(0, 1024));
  return out;
}

}  // namespace hfbench::glue
