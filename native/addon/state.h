// What one Node environment owns. No globals: every worker thread has its own tables.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/Generator.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <napi.h>

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "handles.h"

namespace coppice {

// References to JavaScript arrays whose memory a tensor uses. A tensor may die on any thread (autograd has its own),
// a reference only on JavaScript's: the dead ones wait here until the next call from JavaScript.
class Graveyard {
 public:
  void bury(Napi::ObjectReference* reference) {
    std::lock_guard<std::mutex> lock(mutex_);
    dead_.push_back(reference);
  }
  void drain() {
    std::vector<Napi::ObjectReference*> dead;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      dead.swap(dead_);
    }
    for (auto* reference : dead) delete reference;
  }

 private:
  std::mutex mutex_;
  std::vector<Napi::ObjectReference*> dead_;
};

struct Operator {
  c10::OperatorHandle handle;
  std::string name;
};

struct State {
  // Tensor handles are 2^48 and more: no size or index that a user passes by mistake is one.
  HandleTable<at::Tensor> tensors{"tensor", 1u << 24, 1u << 28};
  // Of classes that a library registers with torch::class_. Their handles are 2^52 and more.
  HandleTable<c10::IValue> objects{"object", 1u << 28, 1u << 29};
  HandleTable<at::Generator> generators{"generator", 1, 1u << 24};
  std::deque<Operator> operators;  // entries stay in place while one is being called
  std::shared_ptr<Graveyard> graveyard = std::make_shared<Graveyard>();
  // Native bytes not yet reported to the collector; reported in lumps because each report costs more than an operator call.
  int64_t unreported_bytes = 0;
};

inline State& state_of(Napi::Env env) { return *env.GetInstanceData<State>(); }

// Gives `tensor` to JavaScript. Memory is counted once per handle: an estimate, views count their own elements.
double hand_over(Napi::Env env, at::Tensor tensor);
// Frees the tensor or the object of that handle, unless it is free already.
void release(Napi::Env env, double handle);

}  // namespace coppice
