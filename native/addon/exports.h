// Every function the addon exports; module.cc lists them under their JavaScript names.
#pragma once

#include <napi.h>

namespace coppice {

// operators.cc
Napi::Value resolve_operator(const Napi::CallbackInfo& info);
Napi::Value operator_schema(const Napi::CallbackInfo& info);
Napi::Value operator_names(const Napi::CallbackInfo& info);
Napi::Value call_operator(const Napi::CallbackInfo& info);
// tensors.cc
Napi::Value tensor_from_memory(const Napi::CallbackInfo& info);
Napi::Value tensor_memory(const Napi::CallbackInfo& info);
Napi::Value tensor_describe(const Napi::CallbackInfo& info);
Napi::Value tensor_item(const Napi::CallbackInfo& info);
Napi::Value tensor_share(const Napi::CallbackInfo& info);
Napi::Value tensor_free(const Napi::CallbackInfo& info);
Napi::Value tensor_live(const Napi::CallbackInfo& info);
// autograd.cc
Napi::Value autograd_backward(const Napi::CallbackInfo& info);
Napi::Value autograd_gradients(const Napi::CallbackInfo& info);
Napi::Value autograd_set_enabled(const Napi::CallbackInfo& info);
Napi::Value tensor_requires_grad(const Napi::CallbackInfo& info);
Napi::Value tensor_grad(const Napi::CallbackInfo& info);
Napi::Value tensor_set_grad(const Napi::CallbackInfo& info);
// generators.cc
Napi::Value generator_seeded(const Napi::CallbackInfo& info);
Napi::Value generator_state(const Napi::CallbackInfo& info);
Napi::Value generator_set_state(const Napi::CallbackInfo& info);
Napi::Value generator_free(const Napi::CallbackInfo& info);
// runtime.cc
Napi::Value runtime_threads(const Napi::CallbackInfo& info);
Napi::Value runtime_set_threads(const Napi::CallbackInfo& info);
Napi::Value runtime_info(const Napi::CallbackInfo& info);
// allocator.cc
void keep_freed_memory();

}  // namespace coppice
