// A session: a model that is ready to run. Its functions are called one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "binding/ort/generation.h"
#include "binding/ort/host_run.h"
#include "binding/ort/io_binding.h"
#include "binding/ort/session_options.h"
#include "binding/system/cuda_stream.h"
#include "binding/weights/store.h"

namespace hfbench::ort {

/// An input or output. Sizes that are not fixed are -1, with the dimension's name in `symbols` where it has one.
struct ValueInfo {
  std::string name;
  int type;  // ONNXTensorElementDataType; 0 for what is no tensor (sequences, maps, optional values)
  std::vector<int64_t> shape;
  std::vector<std::string> symbols;
};

/// Nodes that ONNX Runtime gave to one provider, as of its basic optimisations.
struct Assignment {
  std::string provider;
  struct Node {
    std::string name, domain, op;
  };
  std::vector<Node> nodes;
};

struct Model {
  std::string path;            // used if `bytes` is empty
  std::vector<uint8_t> bytes;  // a ModelProto
  std::vector<weights::Weight> weights;
};

class Session {
 public:
  /// Fills the weights and creates the session. Throws Error, LibraryError, std::bad_alloc.
  Session(Library& library, SessionConfig config, Model model);

  OrtSession* raw() const { return session_.get(); }
  const std::vector<ValueInfo>& inputs() const { return inputs_; }
  const std::vector<ValueInfo>& outputs() const { return outputs_; }
  int64_t weight_fill_ns() const { return weight_fill_ns_; }
  int64_t create_ns() const { return create_ns_; }
  size_t weight_bytes() const { return weights_ ? weights_->bytes() : 0; }

  /// Name of the device memory that outputs stay in, e.g. "Cuda"; empty if all are on the host.
  const std::string& device_memory() const { return device_memory_; }

  /// Copies the feeds to memory of ONNX Runtime, unless they are shared, and binds them, values of another session as
  /// they lie, and all outputs.
  void Bind(const std::vector<Feed>& feeds, std::vector<BoundInput> given = {});
  /// Values of outputs after a run, under the names of the inputs that they become. Throws std::invalid_argument for
  /// outputs that the session does not have.
  std::vector<BoundInput> OutputsAs(const std::vector<Link>& links);
  /// The bindings of the first `count` streams, made as needed. Throws std::logic_error before Bind.
  std::vector<IoBinding*> Streams(size_t count);
  /// The run with copies from and to the host; needs Bind, as Streams does.
  HostRun& FromHost();
  /// `count` runs timed by the device; nothing if the session was not asked for its events, or there are none. Throws
  /// Error for a run that fails, std::runtime_error for an error of the driver, std::logic_error before Bind.
  std::optional<sampler::Block> SampleOnDevice(size_t count, const std::atomic<bool>& cancel);
  /// One bound run with a profile of its own, in a file whose name begins with `prefix`. Throws LibraryError before API
  /// 25.
  void ProfileRun(const std::string& prefix);
  /// A generation that begins with the bound inputs; it lasts until something else is run. Throws std::invalid_argument
  /// for a plan that does not fit the session, std::logic_error before Bind.
  Generation& Begin(GenerationPlan plan);
  /// Bytes of the bound values that another session made.
  size_t given_bytes() const { return given_bytes_; }
  /// Values of the outputs after a run, on the host.
  std::vector<Output> ReadOutputs();

  /// When one run began, when it was over, and when its outputs lay in host memory that is kept for them; nanoseconds.
  struct Step {
    int64_t begin_ns, ran_ns, end_ns;
  };
  /// Inputs are bound anew, so that providers with memory of their own see what was written to shared feeds; outputs
  /// are bound to the host, so that with those providers the way back is part of the run.
  Step RunAndRead();

  /// Path of the profile, empty if the session does not profile (or no longer).
  std::string EndProfiling();
  /// Needs the config entry session.record_ep_graph_assignment_info = 1.
  std::vector<Assignment> Assignments() const;
  /// Counters of the allocator that outputs live in (InUse, MaxInUse, NumAllocs ...), as text.
  TextPairs AllocatorStats() const;

 private:
  std::vector<ValueInfo> ReadValues(bool inputs) const;
  void PlaceOutputs(const SessionConfig& config);
  std::vector<std::string> OutputNames() const;
  /// A binding of the bound inputs, whose runs end when the device is done.
  std::unique_ptr<IoBinding> NewBinding();
  void CheckPlan(const GenerationPlan& plan) const;
  size_t OutputIndex(const std::string& name) const;
  IoBinding& LastRun();

  Library& library_;
  const Api& api_;
  std::unique_ptr<weights::Block> weights_;     // outlives the session, which reads it in place
  std::unique_ptr<system::CudaStream> stream_;  // likewise
  Handle<OrtSession> session_;
  OrtAllocator* host_ = nullptr;  // ONNX Runtime's default allocator, not ours to free
  Handle<OrtMemoryInfo> cpu_, chosen_place_;
  std::vector<const OrtMemoryInfo*> output_places_;
  std::vector<ValueInfo> inputs_, outputs_;
  std::vector<BoundInput> bound_inputs_;
  std::vector<std::unique_ptr<IoBinding>> streams_;
  std::unique_ptr<IoBinding> step_;  // of RunAndRead
  std::vector<Output> step_outputs_;
  bool stepped_ = false;  // the last run was RunAndRead's
  std::unique_ptr<HostRun> from_host_;
  std::vector<ProviderChoice> providers_;
  std::string device_memory_;
  std::unique_ptr<Generation> generation_;  // what ran last, if anything
  size_t given_bytes_ = 0;
  bool profiling_ = false, bound_ = false;
  int64_t weight_fill_ns_ = 0, create_ns_ = 0;
};

}  // namespace hfbench::ort
