// Threads, versions and devices.
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/version.h>

#include "error.h"
#include "exports.h"

namespace coppice {

Napi::Value runtime_threads(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value { return Napi::Number::New(info.Env(), at::get_num_threads()); });
}

Napi::Value runtime_set_threads(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    at::set_num_threads(info[0].As<Napi::Number>().Int32Value());
    return info.Env().Undefined();
  });
}

// info() -> { libtorch, cudaDevices, configuration }
Napi::Value runtime_info(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    // Asking the device guard instead of the CUDA hooks: its interface has not changed since 1.13.
    const auto cuda = c10::DeviceType::CUDA;
    const int devices =
        c10::impl::hasDeviceGuardImpl(cuda) ? static_cast<int>(c10::impl::getDeviceGuardImpl(cuda)->deviceCount()) : 0;
    auto result = Napi::Object::New(info.Env());
    result.Set("libtorch", TORCH_VERSION);
    result.Set("cudaDevices", devices);
    result.Set("configuration", at::show_config());
    return result;
  });
}

}  // namespace coppice
