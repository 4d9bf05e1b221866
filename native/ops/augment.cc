// coppice::crop_flip - a batch of training images: gathered, shifted in a zero frame, mirrored, scaled to [0, 1].
//
//   out[n, c, y, x] = pad(images[index[n]])[c, top[n] + y, left[n] + (flip[n] ? W-1-x : x)] / 255
//
// Source     the customary CIFAR augmentation: RandomCrop(size, padding) then RandomHorizontalFlip, as torchvision orders them
// Reference  OPTML-Group/Unlearn-Sparse@80ba55d dataset.py
// Differs    offsets are arguments, not drawn here, so that the caller's generator alone decides; one pass instead of four copies
//
// Shapes: N batch, M images in the set, C,H,W image. images uint8 [M,C,H,W], index int64 [N], top/left int64 [N] in
// [0, 2*padding] (padding = no shift), flip bool [N]; result float32 [N,C,H,W].
//
// coppice::crop_flip.gathered is the same by gathering, on any device; crop_flip itself uses it wherever it has no kernel.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/library.h>

namespace {

constexpr int64_t kMaxPadding = 1 << 20;  // so that no position overflows

// What can be checked without waiting for a device. The caller of the gathering form answers for the values.
void check_arguments(const at::Tensor& images, const at::Tensor& index, const at::Tensor& top, const at::Tensor& left,
                     const at::Tensor& flip, int64_t padding) {
  TORCH_CHECK(images.dim() == 4 && images.scalar_type() == at::kByte, "expected uint8 images [M, C, H, W], got ",
              images.scalar_type(), " ", images.sizes());
  TORCH_CHECK(padding >= 0 && padding <= kMaxPadding, "expected padding from 0 to ", kMaxPadding, ", got ", padding);
  for (const auto& value : {index, top, left}) {
    TORCH_CHECK(value.dim() == 1 && value.scalar_type() == at::kLong && value.numel() == index.numel(),
                "expected index, top and left as int64 [", index.numel(), "], got ", value.scalar_type(), " ",
                value.sizes());
  }
  TORCH_CHECK(flip.dim() == 1 && flip.scalar_type() == at::kBool && flip.numel() == index.numel(),
              "expected flip as bool [", index.numel(), "], got ", flip.scalar_type(), " ", flip.sizes());
}

at::Tensor crop_flip_cpu(const at::Tensor& images, const at::Tensor& index, const at::Tensor& top,
                         const at::Tensor& left, const at::Tensor& flip, int64_t padding) {
  check_arguments(images, index, top, left, flip, padding);
  const int64_t num_images = images.size(0), channels = images.size(1), height = images.size(2), width = images.size(3);
  const int64_t batch = index.numel();
  const auto source = images.contiguous();
  const auto index_c = index.contiguous(), top_c = top.contiguous(), left_c = left.contiguous(),
             flip_c = flip.contiguous();
  const int64_t* indices = index_c.data_ptr<int64_t>();
  const int64_t* tops = top_c.data_ptr<int64_t>();
  const int64_t* lefts = left_c.data_ptr<int64_t>();
  const bool* flips = flip_c.data_ptr<bool>();
  for (int64_t n = 0; n < batch; ++n) {
    TORCH_CHECK(indices[n] >= 0 && indices[n] < num_images, "image ", indices[n], " is not among the ", num_images);
    for (const int64_t offset : {tops[n], lefts[n]}) {
      TORCH_CHECK(offset >= 0 && offset <= 2 * padding, "expected offsets from 0 to ", 2 * padding, ", got ", offset);
    }
  }
  auto result = at::empty({batch, channels, height, width}, images.options().dtype(at::kFloat));
  const uint8_t* from = source.data_ptr<uint8_t>();
  float* to = result.data_ptr<float>();
  at::parallel_for(0, batch, 16, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      for (int64_t c = 0; c < channels; ++c) {
        // Each pixel of the result is computed from its source and written once; no padded or cropped image is made in between.
        const uint8_t* plane = from + (indices[n] * channels + c) * height * width;
        float* out = to + (n * channels + c) * height * width;
        for (int64_t y = 0; y < height; ++y) {
          const int64_t row = y + tops[n] - padding;
          for (int64_t x = 0; x < width; ++x) {
            const int64_t column = (flips[n] ? width - 1 - x : x) + lefts[n] - padding;
            const bool inside = row >= 0 && row < height && column >= 0 && column < width;
            // Dividing, not multiplying by 1/255: the quotient is what torchvision's ToTensor gives, bit for bit.
            out[y * width + x] = inside ? static_cast<float>(plane[row * width + column]) / 255.0f : 0.0f;
          }
        }
      }
    }
  });
  return result;
}

// Any other device: the same by gathering with computed positions, on operators every device has.
at::Tensor crop_flip_gathered(const at::Tensor& images, const at::Tensor& index, const at::Tensor& top,
                              const at::Tensor& left, const at::Tensor& flip, int64_t padding) {
  check_arguments(images, index, top, left, flip, padding);
  const int64_t height = images.size(2), width = images.size(3);
  const auto longs = at::TensorOptions().dtype(at::kLong).device(images.device());
  const auto on_device = [&](const at::Tensor& value) { return value.to(longs); };
  const auto x = at::arange(width, longs).unsqueeze(0);
  const auto mirrored = at::where(on_device(flip).unsqueeze(1) != 0, width - 1 - x, x);
  const auto rows = at::arange(height, longs).unsqueeze(0) + on_device(top).unsqueeze(1) - padding;
  const auto columns = mirrored + on_device(left).unsqueeze(1) - padding;
  const auto inside = ((rows >= 0) & (rows < height)).unsqueeze(2) & ((columns >= 0) & (columns < width)).unsqueeze(1);
  const auto position =
      (rows.clamp(0, height - 1).unsqueeze(2) * width + columns.clamp(0, width - 1).unsqueeze(1)).flatten(1);
  const auto chosen = images.index_select(0, on_device(index)).flatten(2);
  const auto gathered = chosen.gather(2, position.unsqueeze(1).expand({-1, images.size(1), -1}));
  const auto scaled = gathered.to(at::kFloat).div(255.0).reshape({index.numel(), images.size(1), height, width});
  return scaled * inside.unsqueeze(1);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(coppice, library) {
  library.def("crop_flip(Tensor images, Tensor index, Tensor top, Tensor left, Tensor flip, int padding) -> Tensor");
  library.def(
      "crop_flip.gathered(Tensor images, Tensor index, Tensor top, Tensor left, Tensor flip, int padding) -> Tensor");
}
TORCH_LIBRARY_IMPL(coppice, CPU, library) { library.impl("crop_flip", crop_flip_cpu); }
TORCH_LIBRARY_IMPL(coppice, CompositeExplicitAutograd, library) {
  library.impl("crop_flip", crop_flip_gathered);
  library.impl("crop_flip.gathered", crop_flip_gathered);
}
