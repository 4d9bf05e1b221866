#include "convert.h"

#include <ATen/core/class_type.h>
#include <c10/core/Device.h>

#include <cmath>

#include "state.h"

namespace coppice {
namespace {

[[noreturn]] void throw_expected(const std::string& what) { throw std::runtime_error("expected " + what); }

napi_valuetype kind_of(Napi::Env env, napi_value value) {
  napi_valuetype kind;
  napi_typeof(env, value, &kind);
  return kind;
}

double number_from(Napi::Env env, napi_value value, const char* what) {
  double number;
  if (napi_get_value_double(env, value, &number) != napi_ok) throw_expected(what);
  return number;
}

int64_t int_from(Napi::Env env, napi_value value) {
  if (kind_of(env, value) == napi_bigint) {
    int64_t result;
    bool lossless;
    napi_get_value_bigint_int64(env, value, &result, &lossless);
    if (!lossless) throw_expected("an integer of at most 64 bits");
    return result;
  }
  const double number = number_from(env, value, "an integer");
  if (!(std::abs(number) <= 9007199254740992.0) || number != std::floor(number)) {
    throw_expected("an integer, got " + std::to_string(number));
  }
  return static_cast<int64_t>(number);
}

napi_value element_of(Napi::Env env, napi_value array, uint32_t index) {
  napi_value item;
  // A getter may have thrown.
  if (napi_get_element(env, array, index, &item) != napi_ok) throw Napi::Error::New(env);
  return item;
}

std::string string_from(Napi::Env env, napi_value value, const char* what) {
  size_t length;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) throw_expected(what);
  std::string text(length, '\0');
  napi_get_value_string_utf8(env, value, text.data(), length + 1, &length);
  return text;
}

// JavaScript has one number type: whole numbers are passed as integers, so that adding 1 to an int64 tensor keeps it one.
c10::Scalar scalar_from(Napi::Env env, napi_value value) {
  switch (kind_of(env, value)) {
    case napi_boolean: {
      bool flag;
      napi_get_value_bool(env, value, &flag);
      return flag;
    }
    case napi_bigint:
      return int_from(env, value);
    default: {
      const double number = number_from(env, value, "a number");
      const bool whole = std::abs(number) <= 9007199254740992.0 && number == std::floor(number) &&
                         !(number == 0 && std::signbit(number));
      return whole ? c10::Scalar(static_cast<int64_t>(number)) : c10::Scalar(number);
    }
  }
}

// An object of the class that `type` is.
c10::IValue object_from(Napi::Env env, napi_value value, const c10::TypePtr& type) {
  const std::string name = type->castRaw<c10::ClassType>()->name()->name();
  const c10::IValue& object = state_of(env).objects.get(number_from(env, value, ("a " + name).c_str()));
  if (*object.type() != *type) throw_expected("a " + name + ", got another object");
  return object;
}

c10::IValue dict_from(Napi::Env env, napi_value value, const c10::DictType& type) {
  if (type.getKeyType()->kind() != c10::TypeKind::StringType) {
    throw std::runtime_error("arguments of type " + type.str() + " cannot be given from JavaScript");
  }
  c10::impl::GenericDict dict(type.getKeyType(), type.getValueType());
  napi_value names;
  const auto wanted = static_cast<napi_key_filter>(napi_key_enumerable | napi_key_skip_symbols);
  if (kind_of(env, value) != napi_object) throw_expected("an object with named values");
  if (napi_get_all_property_names(env, value, napi_key_own_only, wanted, napi_key_numbers_to_strings, &names) !=
      napi_ok) {
    throw Napi::Error::New(env);  // A proxy may have thrown.
  }
  uint32_t length;
  napi_get_array_length(env, names, &length);
  for (uint32_t i = 0; i < length; ++i) {
    const napi_value name = element_of(env, names, i);
    const std::string key = string_from(env, name, "a name");
    napi_value item;
    if (napi_get_property(env, value, name, &item) != napi_ok) throw Napi::Error::New(env);
    try {
      dict.insert(key, to_ivalue(env, item, type.getValueType()));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(key + ": " + error.what());
    }
  }
  return dict;
}

c10::IValue list_from(Napi::Env env, napi_value value, const c10::TypePtr& element, int32_t repeats) {
  c10::impl::GenericList list(element);
  bool is_array;
  napi_is_array(env, value, &is_array);
  if (!is_array) {
    if (repeats == 0) throw_expected("an array");
    for (int32_t i = 0; i < repeats; ++i) list.push_back(to_ivalue(env, value, element));
    return list;
  }
  uint32_t length;
  napi_get_array_length(env, value, &length);
  for (uint32_t i = 0; i < length; ++i) {
    list.push_back(to_ivalue(env, element_of(env, value, i), element));
  }
  return list;
}

}  // namespace

at::Tensor tensor_from(Napi::Env env, napi_value value) {
  return state_of(env).tensors.get(number_from(env, value, "a Tensor"));
}

std::vector<int64_t> ints_from(Napi::Env env, napi_value value) {
  uint32_t length;
  if (napi_get_array_length(env, value, &length) != napi_ok) throw_expected("an array of integers");
  std::vector<int64_t> result;
  for (uint32_t i = 0; i < length; ++i) result.push_back(int_from(env, element_of(env, value, i)));
  return result;
}

c10::IValue to_ivalue(Napi::Env env, napi_value value, const c10::TypePtr& type, int32_t repeats) {
  using Kind = c10::TypeKind;
  const napi_valuetype kind = kind_of(env, value);
  if (type->kind() == Kind::OptionalType) {
    if (kind == napi_null || kind == napi_undefined) return {};
    return to_ivalue(env, value, type->castRaw<c10::OptionalType>()->getElementType(), repeats);
  }
  if (kind == napi_null || kind == napi_undefined) throw_expected("a value");
  switch (type->kind()) {
    case Kind::TensorType:
      return tensor_from(env, value);
    case Kind::IntType:
    case Kind::SymIntType:
    case Kind::ScalarTypeType:
    case Kind::LayoutType:
    case Kind::MemoryFormatType:
      return int_from(env, value);
    case Kind::FloatType:
      return number_from(env, value, "a number");
    case Kind::BoolType: {
      bool flag;
      if (napi_get_value_bool(env, value, &flag) != napi_ok) throw_expected("true or false");
      return flag;
    }
    case Kind::NumberType:
      return scalar_from(env, value);
    case Kind::StringType:
      return string_from(env, value, "a string");
    case Kind::DeviceObjType:
      return c10::Device(string_from(env, value, "a device such as \"cpu\" or \"cuda:0\""));
    case Kind::GeneratorType:
      return state_of(env).generators.get(number_from(env, value, "a Generator"));
    case Kind::ClassType:
      return object_from(env, value, type);
    case Kind::DictType:
      return dict_from(env, value, *type->castRaw<c10::DictType>());
    case Kind::ListType: {
      auto element = type->castRaw<c10::ListType>()->getElementType();
      // Symbolic sizes are plain integers outside of tracing.
      if (element->kind() == Kind::SymIntType) element = c10::IntType::get();
      return list_from(env, value, element, repeats);
    }
    default:
      throw std::runtime_error("arguments of type " + type->str() + " cannot be given from JavaScript");
  }
}

napi_value from_ivalue(Napi::Env env, const c10::IValue& value) {
  if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    if (!tensor.defined()) return env.Null();
    return Napi::Number::New(env, hand_over(env, tensor));
  }
  if (value.isObject()) return Napi::Number::New(env, state_of(env).objects.add(value));
  if (value.isDouble()) return Napi::Number::New(env, value.toDouble());
  if (value.isInt()) return Napi::Number::New(env, static_cast<double>(value.toInt()));
  if (value.isBool()) return Napi::Boolean::New(env, value.toBool());
  if (value.isScalar()) return Napi::Number::New(env, value.toScalar().to<double>());
  if (value.isString()) return Napi::String::New(env, value.toStringRef());
  if (value.isDevice()) return Napi::String::New(env, value.toDevice().str());
  if (value.isNone()) return env.Null();
  if (value.isList()) {
    const auto items = value.toListRef();
    auto array = Napi::Array::New(env, items.size());
    for (size_t i = 0; i < items.size(); ++i) array.Set(static_cast<uint32_t>(i), from_ivalue(env, items[i]));
    return array;
  }
  if (value.isTuple()) {
    const auto& items = value.toTupleRef().elements();
    auto array = Napi::Array::New(env, items.size());
    for (size_t i = 0; i < items.size(); ++i) array.Set(static_cast<uint32_t>(i), from_ivalue(env, items[i]));
    return array;
  }
  throw std::runtime_error("results of type " + value.tagKind() + " cannot be given to JavaScript");
}

}  // namespace coppice
