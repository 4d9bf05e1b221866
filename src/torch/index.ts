/** The tensor layer: libtorch from TypeScript. */
export { enableGrad, grad, type GradOptions, noGrad } from "./autograd.ts";
export { addonPath, operatorLibraryPath, physicalCores } from "./binding.ts";
export { callOperator, operatorNames, operatorSchema, type OperatorArgument, type OperatorResult } from "./call.ts";
export {
  arange,
  copyToArray,
  type CreateOptions,
  empty,
  eye,
  fromTypedArray,
  full,
  ones,
  rand,
  randint,
  randn,
  type RandomOptions,
  randperm,
  tensor,
  zeros,
} from "./create.ts";
export { type DType, dtypeBytes, dtypeCode, dtypes, type TypedArray } from "./dtype.ts";
export { Generator } from "./generator.ts";
export { copyAll, disposeAll, firstNotFinite, tensorsHash } from "./named-tensors.ts";
export { NativeObject } from "./native-object.ts";
export * from "./operators.generated.ts";
export {
  checkDevice,
  cudaAvailable,
  getNumThreads,
  libtorchConfiguration,
  libtorchVersion,
  setNumThreads,
} from "./runtime.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  loadSafetensors,
  type Safetensors,
  saveSafetensors,
} from "./safetensors.ts";
export { keep, liveTensors, scope } from "./scope.ts";
export { Tensor } from "./tensor.ts";
