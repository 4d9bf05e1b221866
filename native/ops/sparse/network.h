// A program of convolutions run forward and backward, all activations in the batch-innermost layout.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "memory.h"
#include "pattern.h"
#include "program.h"
#include "types.h"

namespace coppice::sparse {

// Fewer channels than this take less time on one thread than waking another does.
constexpr int64_t kChannelsPerTask = 16;

template <class T>
struct LayerValues {
  const T* weights;  // live, in the order of their positions
  const T* gamma;
  const T* beta;
  T* running_mean;
  T* running_var;
};

template <class T>
struct LayerGradients {
  T* weights;
  T* gamma;
  T* beta;
};

enum class Mode {
  kTrain,         // statistics of the batch; running ones move
  kEvaluate,      // running statistics, fused; no backward
  kEvaluateGrad,  // running statistics, backward possible
};

// What backward needs of one forward pass.
template <class P>
struct Activations {
  using T = typename P::Value;
  int batch;
  Mode mode;
  std::shared_ptr<void> memory;
  // By tensor: z before and y after normalisation. By layer: mean, 1 / deviation, scale and bias of the normalisation.
  std::vector<typename P::Stored*> z, y;
  std::vector<std::vector<T>> mean, inverse, scale, bias;
};

template <class P>
class Network {
 public:
  using T = typename P::Value;
  using Stored = typename P::Stored;

  Network(const Program&, const Kernels<P>&);

  // images [batch, C, H, W] to features [batch, channels of the last tensor].
  std::shared_ptr<Activations<P>> forward(const T* images, int batch, const std::vector<LayerValues<T>>&, Mode,
                                          double momentum, T* features);
  // `gradients` are overwritten. Null weights of a layer: its weight gradient is not wanted.
  void backward(const Activations<P>&, const T* feature_gradients, const std::vector<LayerValues<T>>&,
                const std::vector<LayerGradients<T>>&);

 private:
  static constexpr bool kBfloat16 = sizeof(Stored) < sizeof(T);
  struct Layer {
    Pattern<T> forward;
    std::vector<BackwardClass<T>> backward;
    int64_t live;
  };
  class Forward;
  class Backward;

  int64_t elements(int tensor, int batch) const {
    return elements_of(program_.steps[tensor].extent, blocks_of(batch, kernels_.lanes), kernels_.lanes);
  }

  const Program program_;
  const Kernels<P>& kernels_;
  std::vector<Layer> layers_;
  std::shared_ptr<Pool> activations_ = std::make_shared<Pool>(), scratch_ = std::make_shared<Pool>();
  std::shared_ptr<void> sums_memory_;
  T* sums_;  // of one layer at a time, in kStatParts parts
};

}  // namespace coppice::sparse
