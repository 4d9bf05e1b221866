// No C++ exception reaches JavaScript as it is: each becomes an Error with the sentence a user needs.
#pragma once

#include <c10/util/Exception.h>
#include <napi.h>

namespace coppice {

// TORCH_SHOW_CPP_STACKTRACES=1 asks libtorch for the C++ trace in the message itself, so what() is right only then.
template <typename F>
Napi::Value run_guarded(const Napi::CallbackInfo& info, F&& body) {
  try {
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (const c10::Error& error) {
    throw Napi::Error::New(info.Env(), error.what_without_backtrace());
  } catch (const std::exception& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

}  // namespace coppice
