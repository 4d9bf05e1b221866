// The export table, and nothing else.
#include "exports.h"
#include "state.h"

static Napi::Object init(Napi::Env env, Napi::Object exports) {
  using namespace coppice;
  keep_freed_memory();
  env.SetInstanceData(new State());
  const auto add = [&](const char* name, Napi::Value (*function)(const Napi::CallbackInfo&)) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  add("resolveOperator", resolve_operator);
  add("operatorSchema", operator_schema);
  add("operatorNames", operator_names);
  add("callOperator", call_operator);
  add("fromMemory", tensor_from_memory);
  add("memory", tensor_memory);
  add("describe", tensor_describe);
  add("item", tensor_item);
  add("share", tensor_share);
  add("free", tensor_free);
  add("live", tensor_live);
  add("backward", autograd_backward);
  add("gradients", autograd_gradients);
  add("setGradEnabled", autograd_set_enabled);
  add("requiresGrad", tensor_requires_grad);
  add("grad", tensor_grad);
  add("setGrad", tensor_set_grad);
  add("generatorSeeded", generator_seeded);
  add("generatorState", generator_state);
  add("generatorSetState", generator_set_state);
  add("generatorFree", generator_free);
  add("threads", runtime_threads);
  add("setThreads", runtime_set_threads);
  add("info", runtime_info);
  return exports;
}

NODE_API_MODULE(coppice, init)
