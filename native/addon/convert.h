// JavaScript values to and from what an operator's schema asks for.
#pragma once

#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>
#include <napi.h>

namespace coppice {

// `value` as `type`; throws std::runtime_error saying what was expected. Tensors, generators and objects of registered classes are
// handles (numbers), a Dict is a plain object.
// `repeats`: the 2 of a schema's int[2], for which one number may be given; 0 where the list has no fixed length.
c10::IValue to_ivalue(Napi::Env env, napi_value value, const c10::TypePtr& type, int32_t repeats = 0);

// Tensors and objects become handles, tuples and lists arrays, None null.
napi_value from_ivalue(Napi::Env env, const c10::IValue& value);

at::Tensor tensor_from(Napi::Env env, napi_value value);
std::vector<int64_t> ints_from(Napi::Env env, napi_value value);

}  // namespace coppice
