/**
 * Fashion-MNIST: 60,000 and 10,000 grey pictures of clothes, 28x28, ten classes.
 *
 * Source  H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms",
 *         2017, arXiv:1708.07747
 */
import { idxDataset, type IdxDatasetSpec } from "./idx-dataset.ts";

export const fashionMnistFiles: IdxDatasetSpec = {
  name: "fashion-mnist",
  title: "Fashion-MNIST",
  classNames: [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
  ],
  subfolders: ["fashion-mnist", "FashionMNIST/raw", ""],
  md5: {
    "train-images-idx3-ubyte": "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    "train-labels-idx1-ubyte": "9018921c3c673c538a1fc5bad174d6f9",
    "t10k-images-idx3-ubyte": "8181f5470baa50b63fa0f6fddb340f0a",
    "t10k-labels-idx1-ubyte": "15d484375f8d13e6eb1aabb0c3f46965",
  },
  mean: 0.286,
  std: 0.353,
  hint: "install it with `apt-get install dataset-fashion-mnist` (Debian, Ubuntu), run `coppice data get fashion-mnist`, or name its folder with --data-folder",
};

export const fashionMnist = idxDataset(
  fashionMnistFiles,
  "grey pictures of ten kinds of clothes, 28x28, 60,000 for training and 10,000 for testing",
);
