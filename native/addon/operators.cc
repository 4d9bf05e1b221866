// The one call path: every registered operator, by schema.
#include <sstream>

#include "convert.h"
#include "error.h"
#include "exports.h"
#include "state.h"

namespace coppice {

// resolveOperator(name, overload) -> index for callOperator
Napi::Value resolve_operator(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const std::string name = info[0].As<Napi::String>();
    const std::string overload = info[1].As<Napi::String>();
    auto& operators = state_of(info.Env()).operators;
    const auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!handle) throw std::runtime_error("no operator of this name is registered with libtorch");
    operators.push_back({*handle, overload.empty() ? name : name + "." + overload});
    return Napi::Number::New(info.Env(), static_cast<double>(operators.size() - 1));
  });
}

// operatorSchema(index) -> the schema's text
Napi::Value operator_schema(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const auto& entry = state_of(info.Env()).operators.at(info[0].As<Napi::Number>().Uint32Value());
    std::ostringstream text;
    text << entry.handle.schema();
    return Napi::String::New(info.Env(), text.str());
  });
}

// operatorNames() -> every registered operator as "namespace::name.overload"
Napi::Value operator_names(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const auto names = c10::Dispatcher::singleton().getAllOpNames();
    auto array = Napi::Array::New(info.Env(), names.size());
    uint32_t i = 0;
    for (const auto& name : names) {
      array.Set(i++, name.overload_name.empty() ? name.name : name.name + "." + name.overload_name);
    }
    return array;
  });
}

// In-place operators return the tensor they were given: JavaScript already holds its handle, a second one would be a second owner.
static bool returns_its_argument(const c10::FunctionSchema& schema) {
  const auto& returns = schema.returns();
  return returns.size() == 1 && returns[0].alias_info() != nullptr && returns[0].alias_info()->isWrite();
}

// callOperator(index, ...arguments) -> result; missing or undefined arguments take the schema's defaults.
// An in-place operator gives undefined.
Napi::Value call_operator(const Napi::CallbackInfo& info) {
  return run_guarded(info, [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    State& state = state_of(env);
    state.graveyard->drain();
    const auto& entry = state.operators.at(info[0].As<Napi::Number>().Uint32Value());
    const auto& arguments = entry.handle.schema().arguments();
    if (info.Length() - 1 > arguments.size()) {
      throw std::runtime_error("takes " + std::to_string(arguments.size()) + " arguments, got " +
                               std::to_string(info.Length() - 1));
    }
    torch::jit::Stack stack;
    stack.reserve(arguments.size());
    for (size_t i = 0; i < arguments.size(); ++i) {
      const auto& argument = arguments[i];
      const bool given = i + 1 < info.Length() && !info[i + 1].IsUndefined();
      if (!given && argument.default_value()) {
        stack.push_back(*argument.default_value());
        continue;
      }
      try {
        const napi_value value = given ? napi_value(info[i + 1]) : napi_value(env.Undefined());
        stack.push_back(to_ivalue(env, value, argument.type(), argument.N().value_or(0)));
      } catch (const std::exception& error) {
        throw std::runtime_error("argument " + argument.name() + ": " + error.what());
      }
    }
    entry.handle.callBoxed(stack);
    if (stack.empty() || returns_its_argument(entry.handle.schema())) return env.Undefined();
    if (stack.size() == 1) return Napi::Value(env, from_ivalue(env, stack[0]));
    auto results = Napi::Array::New(env, stack.size());
    for (size_t i = 0; i < stack.size(); ++i) results.Set(static_cast<uint32_t>(i), from_ivalue(env, stack[i]));
    return results;
  });
}

}  // namespace coppice
