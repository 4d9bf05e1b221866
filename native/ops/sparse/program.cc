#include "program.h"

#include <algorithm>

namespace coppice::sparse {

namespace {

constexpr int kNumbersPerNode = 8;

int checked(int64_t value, int64_t least, int64_t most, const char* what) {
  TORCH_CHECK(value >= least && value <= most, "sparse_plan: expected ", what, " from ", least, " to ", most, ", got ",
              value);
  return int(value);
}

}  // namespace

Program parse_program(at::IntArrayRef numbers, at::TensorList positions, at::ArrayRef<double> eps) {
  TORCH_CHECK(numbers.size() > 3 && (numbers.size() - 3) % kNumbersPerNode == 0, "sparse_plan: expected 3 numbers and ",
              kNumbersPerNode, " for each node, got ", numbers.size());
  Program program;
  program.images = {checked(numbers[0], 1, 1 << 16, "channels"), checked(numbers[1], 1, 1 << 14, "rows"),
                    checked(numbers[2], 1, 1 << 14, "columns")};
  Node images{};
  images.kind = Node::kPool;
  images.extent = program.images;
  program.nodes.push_back(images);
  int layers = 0;
  for (size_t at = 3; at < numbers.size(); at += kNumbersPerNode) {
    const auto n = numbers.slice(at, kNumbersPerNode);
    const int index = int(program.nodes.size());
    Node node{};
    node.kind = checked(n[0], 0, 1, "a kind of node");
    node.input = checked(n[1], 0, index - 1, "an earlier tensor");
    const Extent in = program.nodes[node.input].extent;
    TORCH_CHECK(!program.nodes[node.input].deferred, "sparse_plan: node ", index,
                " reads a tensor that is not normalised");
    if (node.kind == Node::kPool) {
      TORCH_CHECK(node.input > 0, "sparse_plan: the images cannot be pooled before a convolution");
      node.pool = {checked(n[2], 1, 64, "a pooling window"), checked(n[3], 1, 64, "a stride"),
                   checked(n[4], 0, n[2] / 2, "a padding of at most half the window")};
      const auto size = [&](int length) {
        return (length + 2 * node.pool.padding - node.pool.kernel) / node.pool.stride + 1;
      };
      TORCH_CHECK(std::min(in.height, in.width) + 2 * node.pool.padding >= node.pool.kernel,
                  "sparse_plan: the pooling window of node ", index, " is larger than its input");
      node.extent = {in.channels, size(in.height), size(in.width)};
    } else {
      const int kernel = checked(n[3], 1, 31, "a kernel size");
      TORCH_CHECK(kernel % 2 == 1, "sparse_plan: expected an odd kernel, got ", kernel);
      node.conv = {in.channels, checked(n[2], 1, 1 << 16, "output channels"), kernel, checked(n[4], 1, 2, "a stride"),
                   in};
      node.extent = node.conv.out();
      node.residual = Residual(checked(n[5], 0, 3, "a kind of residual"));
      node.deferred = checked(n[7], 0, 1, "deferred") == 1;
      node.layer = layers++;
      if (node.residual != Residual::kNone) {
        TORCH_CHECK(!node.deferred, "sparse_plan: node ", index, " is deferred and has a residual");
        node.other = checked(n[6], 1, index - 1, "the residual's tensor");
        const Node& other = program.nodes[node.other];
        const Extent e = other.extent;
        const bool same =
            e.channels == node.extent.channels && e.height == node.extent.height && e.width == node.extent.width;
        const bool halves = (e.height - 1) / 2 + 1 == node.extent.height && (e.width - 1) / 2 + 1 == node.extent.width;
        const int added = node.extent.channels - e.channels;
        TORCH_CHECK(other.deferred == (node.residual == Residual::kNormalized) &&
                        (node.residual == Residual::kZeroPadded ? halves && added >= 0 && added % 2 == 0 : same),
                    "sparse_plan: the residual of node ", index, " does not fit");
      }
      const int64_t rows = int64_t{kernel} * std::max(in.channels, node.extent.channels);
      TORCH_CHECK(rows * std::max(in.width, node.extent.width) * 16 < INT32_MAX, "sparse_plan: node ", index,
                  " is too large");
    }
    program.nodes.push_back(node);
  }
  const Node& last = program.nodes.back();
  TORCH_CHECK(last.kind == Node::kPool || !last.deferred, "sparse_plan: the last node is deferred");
  TORCH_CHECK(int(positions.size()) == layers && int(eps.size()) == layers,
              "sparse_plan: expected positions and eps of ", layers, " convolutions, got ", positions.size(), " and ",
              eps.size());
  program.eps.assign(eps.begin(), eps.end());
  for (const Node& node : program.nodes) {
    if (node.layer < 0) continue;
    const at::Tensor& given = positions[node.layer];
    TORCH_CHECK(given.dim() == 1 && given.scalar_type() == at::kLong && given.device().is_cpu(),
                "sparse_plan: expected positions as int64 [n], got ", given.scalar_type(), " ", given.sizes());
    const auto flat = given.contiguous();
    const int64_t* const from = flat.data_ptr<int64_t>();
    std::vector<int64_t> list(from, from + flat.numel());
    const int64_t k = node.conv.kernel, inputs = node.conv.in_channels, size = node.conv.out_channels * inputs * k * k;
    int64_t before = -1;
    for (const int64_t p : list) {
      TORCH_CHECK(p >= 0 && p < size, "sparse_plan: expected positions below ", size, ", got ", p);
      const int64_t order =
          ((p / (inputs * k * k) * k + p % k) * k + p % (k * k) / k) * inputs + p % (inputs * k * k) / (k * k);
      TORCH_CHECK(order > before, "sparse_plan: positions of convolution ", node.layer, " are out of order at ", p);
      before = order;
    }
    program.positions.push_back(std::move(list));
  }
  return program;
}

}  // namespace coppice::sparse
