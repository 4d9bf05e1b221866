// Tables of what JavaScript holds: a handle is a number naming a slot and the generation of its occupant,
// so a stale or made-up handle is an error and never a crash. JavaScript calls from one thread only.
// The tables use different ranges of generations, so that the handle of one is never a handle of another.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace coppice {

template <typename T>
class HandleTable {
 public:
  // Slots count their generations from `first` up to, not including, `end`.
  HandleTable(std::string what, uint32_t first, uint32_t end) : what_(std::move(what)), first_(first), end_(end) {}

  double add(T value) {
    uint32_t index;
    if (free_.empty()) {
      if (slots_.size() >= kIndexLimit) throw std::runtime_error("too many live " + what_ + "s");
      index = static_cast<uint32_t>(slots_.size());
      slots_.push_back({T(), first_, false});
    } else {
      index = free_.back();
      free_.pop_back();
    }
    Slot& slot = slots_[index];
    slot.value = std::move(value);
    slot.live = true;
    ++live_;
    return static_cast<double>(slot.generation) * kIndexLimit + index;
  }

  T& get(double handle) {
    Slot* slot = find_slot(handle);
    if (slot == nullptr) throw std::runtime_error("this " + what_ + " was disposed, or never was one");
    return slot->value;
  }

  // Null where the handle is not live.
  const T* find(double handle) {
    const Slot* slot = find_slot(handle);
    return slot == nullptr ? nullptr : &slot->value;
  }

  // Returns whether the handle was live: freeing twice is harmless.
  bool free(double handle) {
    Slot* slot = find_slot(handle);
    if (slot == nullptr) return false;
    slot->value = T();
    slot->live = false;
    ++slot->generation;
    --live_;
    // A slot that has used up its generations is left empty: reusing it would bring old handles back to life.
    if (slot->generation < end_) free_.push_back(static_cast<uint32_t>(slot - slots_.data()));
    return true;
  }

  size_t live() const { return live_; }

 private:
  struct Slot {
    T value;
    uint32_t generation;
    bool live;
  };
  static constexpr double kIndexLimit = 16777216.0;  // 2^24 slots and 2^29 generations fit a double exactly

  Slot* find_slot(double handle) {
    if (!(handle >= first_ * kIndexLimit && handle < end_ * kIndexLimit)) return nullptr;
    const auto bits = static_cast<uint64_t>(handle);
    const auto index = static_cast<uint32_t>(bits & 0xFFFFFF);
    if (index >= slots_.size()) return nullptr;
    Slot& slot = slots_[index];
    return slot.live && slot.generation == static_cast<uint32_t>(bits >> 24) ? &slot : nullptr;
  }

  std::string what_;
  uint32_t first_;
  uint32_t end_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
  size_t live_ = 0;
};

}  // namespace coppice
