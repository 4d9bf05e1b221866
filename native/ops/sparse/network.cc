#include "network.h"

#include <algorithm>

namespace coppice::sparse {

template <class P>
Network<P>::Network(const Program& program, const Kernels<P>& kernels) : program_(program), kernels_(kernels) {
  int64_t channels = 1;
  for (const Step& step : program_.steps) {
    channels = std::max<int64_t>(channels, step.extent.channels);
    if (step.layer < 0) continue;
    const auto& positions = program_.positions[step.layer];
    std::vector<BackwardClass<T>> backward;
    // Nothing needs the gradient of the images.
    if (step.input != 0) backward = make_backward_classes<T>(step.convolution, positions, kernels_.lanes);
    layers_.push_back({make_forward_pattern<T>(step.convolution, positions, kernels_.lanes), std::move(backward),
                       int64_t(positions.size())});
  }
  // Shift, sum and sum of squares for each channel and lane, and counts for each lane (types.h).
  sums_memory_ = scratch_->take(kStatParts * (3 * channels + 1) * kernels_.lanes * sizeof(T));
  sums_ = static_cast<T*>(sums_memory_.get());
}

template Network<Single>::Network(const Program&, const Kernels<Single>&);
template Network<Double>::Network(const Program&, const Kernels<Double>&);
template Network<Mixed>::Network(const Program&, const Kernels<Mixed>&);

}  // namespace coppice::sparse
