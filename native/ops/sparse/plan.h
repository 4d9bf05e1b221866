// What sparse_plan makes: a program, and networks for the precisions in which it has been run.
#pragma once
#include <torch/custom_class.h>

#include <memory>
#include <mutex>
#include <string>

#include "network.h"
#include "program.h"

namespace coppice::sparse {

// Whether this machine has the kernels of that name, or "bfloat16": the fastest with activations in it.
bool has_kernels(const std::string& kernels);

class Plan : public torch::CustomClassHolder {
 public:
  // kernels: a name of types.h; empty for the fastest in float32; "bfloat16" for the fastest with activations in it.
  // Throws c10::Error where this machine has no such kernels.
  Plan(Program, const std::string& kernels);

  const Program& program() const { return program_; }
  bool keeps_bfloat16() const { return mixed_kernels_ != nullptr; }

  // One pass at a time: the networks hold the weights in their patterns.
  std::mutex mutex;

  // Made at the first call: patterns of a precision that is never used cost nothing. To be called with `mutex` held.
  template <class P>
  Network<P>& network();

 private:
  const Program program_;
  const Kernels<Single>* single_kernels_ = nullptr;
  const Kernels<Mixed>* mixed_kernels_ = nullptr;
  std::unique_ptr<Network<Single>> single_;
  std::unique_ptr<Network<Mixed>> mixed_;
  std::unique_ptr<Network<Double>> double_;
};

template <>
Network<Single>& Plan::network<Single>();
template <>
Network<Mixed>& Plan::network<Mixed>();
template <>
Network<Double>& Plan::network<Double>();

}  // namespace coppice::sparse
