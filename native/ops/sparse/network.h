// A residual network as a program over activation tensors, run forward and backward in the batch-innermost layout.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "memory.h"
#include "pattern.h"
#include "types.h"

namespace coppice::sparse {

// Node i makes tensor i; tensor 0 is the images.
struct Node {
  enum Kind { kConv = 0, kPool = 1 };
  int kind;
  int input;
  // kConv: relu(batch norm(convolution) + residual)
  ConvShape conv{};
  Residual residual = Residual::kNone;
  int other = -1;         // the residual's tensor
  bool deferred = false;  // not normalised here but by the node whose residual it is (kNormalized); no ReLU of its own
  PoolGeometry pool{};
  Extent extent{};  // of the tensor made
  int layer = -1;   // among the convolutions
};

struct Program {
  Extent images;
  std::vector<Node> nodes;                      // [0] stands for the images
  std::vector<std::vector<int64_t>> positions;  // of live weights, by layer
  std::vector<double> eps;                      // of the batch norms, by layer
};

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
template <class T>
struct Activations {
  int batch;
  Mode mode;
  std::shared_ptr<void> memory;
  // By tensor: z before and y after normalisation. By layer: mean, 1 / deviation, scale and bias of the normalisation.
  std::vector<T*> z, y;
  std::vector<std::vector<T>> mean, inverse, scale, bias;
};

template <class T>
class Network {
 public:
  Network(const Program&, const Kernels<T>&);

  // images [batch, C, H, W] to features [batch, channels of the last tensor].
  std::shared_ptr<Activations<T>> forward(const T* images, int batch, const std::vector<LayerValues<T>>&, Mode,
                                          double momentum, T* features);
  // `gradients` are overwritten. Null weights of a layer: its weight gradient is not wanted.
  void backward(const Activations<T>&, const T* feature_gradients, const std::vector<LayerValues<T>>&,
                const std::vector<LayerGradients<T>>&);

 private:
  struct Layer {
    Pattern<T> forward;
    std::vector<BackwardClass<T>> backward;
    int64_t live;
  };
  class Backward;

  int64_t elements(int tensor, int batch) const {
    return elements_of(program_.nodes[tensor].extent, blocks_of(batch, kernels_.lanes), kernels_.lanes);
  }
  void merge_statistics(const Node&, Activations<T>&, const LayerValues<T>&, double momentum);
  void running_statistics(const Node&, Activations<T>&, const LayerValues<T>&);

  const Program program_;
  const Kernels<T>& kernels_;
  std::vector<Layer> layers_;
  std::shared_ptr<Pool> activations_ = std::make_shared<Pool>(), scratch_ = std::make_shared<Pool>();
  std::shared_ptr<void> sums_memory_;
  T* sums_;
};

}  // namespace coppice::sparse
