// Reverse-mode differentiation: what libtorch's autograd engine offers, unchanged.
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include "convert.h"
#include "error.h"
#include "exports.h"
#include "state.h"

namespace coppice {
namespace {

torch::autograd::variable_list tensors_from(Napi::Env env, napi_value value) {
  torch::autograd::variable_list list;
  if (Napi::Value(env, value).IsNull() || Napi::Value(env, value).IsUndefined()) return list;
  const auto array = Napi::Value(env, value).As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value item = array.Get(i);
    list.push_back(item.IsNull() ? at::Tensor() : tensor_from(env, item));
  }
  return list;
}

}  // namespace

// backward(outputs, outputGradients | null, retainGraph, createGraph)
Napi::Value autograd_backward(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    torch::autograd::backward(tensors_from(env, info[0]), tensors_from(env, info[1]), info[2].ToBoolean().Value(),
                              info[3].ToBoolean().Value());
    return env.Undefined();
  });
}

// gradients(outputs, inputs, outputGradients | null, retainGraph, createGraph) -> one tensor an input
Napi::Value autograd_gradients(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    const auto gradients =
        torch::autograd::grad(tensors_from(env, info[0]), tensors_from(env, info[1]), tensors_from(env, info[2]),
                              info[3].ToBoolean().Value(), info[4].ToBoolean().Value());
    auto result = Napi::Array::New(env, gradients.size());
    for (size_t i = 0; i < gradients.size(); ++i) {
      result.Set(static_cast<uint32_t>(i), Napi::Number::New(env, hand_over(env, gradients[i])));
    }
    return result;
  });
}

// setGradEnabled(enabled) -> what it was before
Napi::Value autograd_set_enabled(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const bool before = at::GradMode::is_enabled();
    at::GradMode::set_enabled(info[0].ToBoolean().Value());
    return Napi::Boolean::New(info.Env(), before);
  });
}

// requiresGrad(handle, value?) -> the flag, set first where a value is given
Napi::Value tensor_requires_grad(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    at::Tensor tensor = tensor_from(info.Env(), info[0]);
    if (!info[1].IsUndefined()) tensor.set_requires_grad(info[1].ToBoolean().Value());
    return Napi::Boolean::New(info.Env(), tensor.requires_grad());
  });
}

Napi::Value tensor_grad(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    const at::Tensor gradient = tensor_from(env, info[0]).grad();
    if (!gradient.defined()) return env.Null();
    return Napi::Number::New(env, hand_over(env, gradient));
  });
}

Napi::Value tensor_set_grad(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    at::Tensor tensor = tensor_from(env, info[0]);
    tensor.mutable_grad() = info[1].IsNull() ? at::Tensor() : tensor_from(env, info[1]);
    return env.Undefined();
  });
}

}  // namespace coppice
