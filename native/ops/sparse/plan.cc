#include "plan.h"

#include <cstdlib>

namespace coppice::sparse {

namespace {

const Kernels<Single>& choose_kernels() {
  const char* const forced = std::getenv("COPPICE_KERNELS");
  if (forced != nullptr && *forced != 0) {
    const auto* kernels = kernels_named<Single>(forced);
    TORCH_CHECK(kernels != nullptr,
                "COPPICE_KERNELS: expected avx512, avx2, portable or scalar, and one that this machine has, got ",
                forced);
    return *kernels;
  }
  // Widest first. "scalar" is never chosen: it is there to be compared with.
  for (const char* name : {"avx512", "avx2"}) {
    if (const auto* kernels = kernels_named<Single>(name)) return *kernels;
  }
  return *kernels_named<Single>("portable");
}

const Kernels<Mixed>* mixed_kernels_named(const std::string& name) {
  return kernels_named<Mixed>(name == "bfloat16" ? "avx512_bf16" : name.c_str());
}

}  // namespace

bool has_kernels(const std::string& kernels) {
  return kernels_named<Single>(kernels.c_str()) != nullptr || mixed_kernels_named(kernels) != nullptr;
}

Plan::Plan(Program program, const std::string& kernels) : program_(std::move(program)) {
  if (kernels.empty()) {
    single_kernels_ = &choose_kernels();
    return;
  }
  single_kernels_ = kernels_named<Single>(kernels.c_str());
  mixed_kernels_ = mixed_kernels_named(kernels);
  TORCH_CHECK(single_kernels_ != nullptr || mixed_kernels_ != nullptr, "sparse_plan: no kernels ", kernels,
              " on this machine");
}

template <>
Network<Single>& Plan::network<Single>() {
  if (single_ == nullptr) single_ = std::make_unique<Network<Single>>(program_, *single_kernels_);
  return *single_;
}
template <>
Network<Mixed>& Plan::network<Mixed>() {
  if (mixed_ == nullptr) mixed_ = std::make_unique<Network<Mixed>>(program_, *mixed_kernels_);
  return *mixed_;
}
template <>
Network<Double>& Plan::network<Double>() {
  if (double_ == nullptr) double_ = std::make_unique<Network<Double>>(program_, *kernels_named<Double>("scalar"));
  return *double_;
}

}  // namespace coppice::sparse
