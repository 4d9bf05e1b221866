/**
 * MNIST: 60,000 and 10,000 grey pictures of handwritten digits, 28x28, ten classes.
 *
 * Source  Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998
 */
import { idxDataset, type IdxDatasetSpec } from "./idx-dataset.ts";

export const mnistFiles: IdxDatasetSpec = {
  name: "mnist",
  title: "MNIST",
  classNames: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  subfolders: ["mnist", "MNIST/raw", ""],
  md5: {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
  },
  mean: 0.1307,
  std: 0.3081,
  hint: "run `coppice data get mnist`, or name its folder with --data-folder",
};

export const mnist = idxDataset(
  mnistFiles,
  "grey pictures of handwritten digits, 28x28, 60,000 for training and 10,000 for testing",
);
