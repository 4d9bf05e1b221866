// Making, reading and freeing tensors. docs/explanation/native.md says who owns them.
#include "convert.h"
#include "error.h"
#include "exports.h"
#include "state.h"

namespace coppice {
namespace {

constexpr int64_t kReportBytes = 16 << 20;

void account(Napi::Env env, int64_t bytes) {
  auto& pending = state_of(env).unreported_bytes;
  pending += bytes;
  if (std::abs(pending) < kReportBytes) return;
  Napi::MemoryManagement::AdjustExternalMemory(env, pending);
  pending = 0;
}

}  // namespace

double hand_over(Napi::Env env, at::Tensor tensor) {
  const auto bytes = static_cast<int64_t>(tensor.nbytes());
  const double handle = state_of(env).tensors.add(std::move(tensor));
  account(env, bytes);
  return handle;
}

void release(Napi::Env env, double handle) {
  State& state = state_of(env);
  // Not live: already freed by its scope, by dispose, or now by the collector.
  if (const at::Tensor* const tensor = state.tensors.find(handle)) {
    const auto bytes = static_cast<int64_t>(tensor->nbytes());
    state.tensors.free(handle);
    account(env, -bytes);
  } else if (!state.objects.free(handle)) {
    return;
  }
  state.graveyard->drain();
}

// fromMemory(typedArray, shape, scalarType) -> tensor on the array's own memory, which lives as long as the tensor does
Napi::Value tensor_from_memory(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    State& state = state_of(env);
    state.graveyard->drain();
    napi_typedarray_type kind;
    size_t length;
    void* data;
    if (napi_get_typedarray_info(env, info[0], &kind, &length, &data, nullptr, nullptr) != napi_ok) {
      throw std::runtime_error("expected a typed array");
    }
    const auto shape = ints_from(env, info[1]);
    const auto type = static_cast<at::ScalarType>(info[2].As<Napi::Number>().Int32Value());
    const auto options = at::TensorOptions().dtype(type);
    if (length == 0) return Napi::Number::New(env, hand_over(env, at::empty(shape, options)));
    auto* reference = new Napi::ObjectReference(Napi::Persistent(info[0].As<Napi::Object>()));
    auto graveyard = state.graveyard;
    auto tensor = at::from_blob(
        data, shape, [graveyard, reference](void*) { graveyard->bury(reference); }, options);
    return Napi::Number::New(env, hand_over(env, std::move(tensor)));
  });
}

// memory(handle) -> ArrayBuffer on the memory of a contiguous CPU tensor, which lives as long as the buffer does
Napi::Value tensor_memory(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    const at::Tensor tensor = tensor_from(env, info[0]);
    TORCH_CHECK(tensor.device().is_cpu() && tensor.is_contiguous(), "only contiguous tensors on the CPU can be viewed");
    if (tensor.nbytes() == 0) return Napi::ArrayBuffer::New(env, 0);
    return Napi::ArrayBuffer::New(
        env, tensor.data_ptr(), tensor.nbytes(), [](Napi::Env, void*, at::Tensor* kept) { delete kept; },
        new at::Tensor(tensor));
  });
}

// describe(handle) -> [scalarType, device, ...shape]
Napi::Value tensor_describe(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    const at::Tensor tensor = tensor_from(env, info[0]);
    const auto sizes = tensor.sizes();
    auto result = Napi::Array::New(env, sizes.size() + 2);
    result.Set(0u, Napi::Number::New(env, static_cast<int>(tensor.scalar_type())));
    result.Set(1u, Napi::String::New(env, tensor.device().str()));
    for (size_t i = 0; i < sizes.size(); ++i) {
      result.Set(static_cast<uint32_t>(i + 2), Napi::Number::New(env, static_cast<double>(sizes[i])));
    }
    return result;
  });
}

Napi::Value tensor_item(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    return Napi::Number::New(info.Env(), tensor_from(info.Env(), info[0]).item().to<double>());
  });
}

// share(handle) -> a second handle on the same tensor
Napi::Value tensor_share(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    return Napi::Number::New(info.Env(), hand_over(info.Env(), tensor_from(info.Env(), info[0])));
  });
}

Napi::Value tensor_free(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    release(info.Env(), info[0].As<Napi::Number>().DoubleValue());
    return info.Env().Undefined();
  });
}

// live() -> how many tensors and objects JavaScript holds
Napi::Value tensor_live(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const State& state = state_of(info.Env());
    return Napi::Number::New(info.Env(), static_cast<double>(state.tensors.live() + state.objects.live()));
  });
}

}  // namespace coppice
