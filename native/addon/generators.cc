// Seeded random number generators whose state can be saved and put back.
#include <ATen/Context.h>

#include "convert.h"
#include "error.h"
#include "exports.h"
#include "state.h"

namespace coppice {

// generatorSeeded(seed as BigInt, device) -> handle. A clone of the device's default generator, so that no CUDA header is needed.
Napi::Value generator_seeded(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    bool lossless;
    const uint64_t seed = info[0].As<Napi::BigInt>().Uint64Value(&lossless);
    const c10::Device device(info[1].As<Napi::String>().Utf8Value());
    at::Generator generator = at::globalContext().defaultGenerator(device).clone();
    generator.set_current_seed(seed);
    return Napi::Number::New(info.Env(), state_of(info.Env()).generators.add(std::move(generator)));
  });
}

// generatorState(handle) -> uint8 tensor
Napi::Value generator_state(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    at::Generator& generator = state_of(env).generators.get(info[0].As<Napi::Number>().DoubleValue());
    return Napi::Number::New(env, hand_over(env, generator.get_state()));
  });
}

Napi::Value generator_set_state(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    at::Generator& generator = state_of(env).generators.get(info[0].As<Napi::Number>().DoubleValue());
    generator.set_state(tensor_from(env, info[1]));
    return env.Undefined();
  });
}

Napi::Value generator_free(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    state_of(info.Env()).generators.free(info[0].As<Napi::Number>().DoubleValue());
    return info.Env().Undefined();
  });
}

}  // namespace coppice
