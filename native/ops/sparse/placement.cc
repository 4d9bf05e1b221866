#include "placement.h"

#include <algorithm>

namespace coppice::sparse {

namespace {

// Ranges of one buffer, each in use from one step to another.
class Ranges {
 public:
  explicit Ranges(bool keep) : keep_(keep) {}

  // A range that no other is using in the steps [from, until]: the first that is free and large enough, else a new one.
  int64_t take(int64_t size, int from, int until) {
    if (!keep_) {
      for (Range& range : ranges_) {
        if (range.until < from && range.size >= size) {
          range.until = until;
          return range.at;
        }
      }
    }
    ranges_.push_back({total_, size, until});
    total_ += size;
    return ranges_.back().at;
  }

  int64_t total() const { return total_; }

 private:
  struct Range {
    int64_t at, size;
    int until;
  };
  const bool keep_;
  std::vector<Range> ranges_;
  int64_t total_ = 0;
};

// By tensor, the last step that reads it; of the last tensor one more, since the global mean reads it.
std::vector<int> last_readers(const std::vector<Step>& steps) {
  std::vector<int> last(steps.size(), 0);
  for (size_t i = 1; i < steps.size(); ++i) {
    last[steps[i].input] = std::max(last[steps[i].input], int(i));
    if (steps[i].shortcut_tensor >= 0)
      last[steps[i].shortcut_tensor] = std::max(last[steps[i].shortcut_tensor], int(i));
  }
  last.back() = int(steps.size());
  return last;
}

}  // namespace

Placement place_tensors(const Program& program, const std::vector<int64_t>& elements, bool keep) {
  const auto& steps = program.steps;
  const int count = int(steps.size());
  const std::vector<int> last = last_readers(steps);
  Ranges ranges(keep);
  Placement places{std::vector<int64_t>(count, -1), std::vector<int64_t>(count, -1), 0};
  places.y[0] = ranges.take(elements[0], 0, last[0]);
  for (int i = 1; i < count; ++i) {
    const Step& step = steps[i];
    // Without a backward pass the tile is normalised in registers and z is never stored, but for a zero-padded shortcut: no epilogue has it.
    const bool has_z = step.kind == Step::kConvolution && (keep || step.shortcut == Shortcut::kZeroPadded);
    if (has_z) places.z[i] = ranges.take(elements[i], i, keep ? count : i);
    // A projection of which z is kept is normalised by its reader.
    if (!(keep && step.is_projection)) places.y[i] = ranges.take(elements[i], i, last[i]);
  }
  places.size = ranges.total();
  return places;
}

}  // namespace coppice::sparse
