/** The operators' library holds no Node-API: Python loads the same file, so PyTorch itself can check it. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { pythonWithTorch } from "../../bench/python.ts";
import {
  arange,
  cropFlip,
  grad,
  libtorchVersion,
  ones,
  operatorLibraryPath,
  sparseForward,
  sparsePlan,
  type Tensor,
  zeros,
} from "../../src/torch/index.ts";

const python = pythonWithTorch();
const release = (version: string | undefined): string => /^\d+\.\d+\.\d+/.exec(version ?? "")?.[0] ?? "none";
const usable = release(python?.version) === release(libtorchVersion());
const reason = `python3 has torch ${python?.version ?? "not at all"}, the library is for ${libtorchVersion()}`;

const program = `
import hashlib, sys, torch
torch.ops.load_library(sys.argv[1])
images = (torch.arange(4 * 3 * 9 * 7) * 37 % 256).to(torch.uint8).reshape(4, 3, 9, 7)
n = torch.arange(40)
arguments = (images, n % 4, n % 5, n * 3 % 5, n % 3 == 0, 2)
for operator in (torch.ops.coppice.crop_flip, torch.ops.coppice.crop_flip.gathered):
    result = operator(*arguments)
    print(hashlib.sha256(bytes(memoryview(result.numpy()))).hexdigest())

# And with PyTorch's own padding, cropping and flipping
padded = torch.nn.functional.pad(images, (2, 2, 2, 2))
views = [padded[i % 4, :, i % 5 : i % 5 + 9, i * 3 % 5 : i * 3 % 5 + 7] for i in range(40)]
views = [view.flip(2) if i % 3 == 0 else view for i, view in enumerate(views)]
print(hashlib.sha256(bytes(memoryview((torch.stack(views) / 255).numpy()))).hexdigest())
`;

function digest(tensor: Tensor): string {
  return createHash("sha256").update(tensor.data()).digest("hex");
}

const run = usable ? it : it.skip;

run(usable ? "Python's torch loads the library and computes the same bytes" : `left out: ${reason}`, () => {
  const output = execFileSync(python?.executable ?? "", ["-c", program, operatorLibraryPath], { encoding: "utf8" });
  const images = arange(0, 4 * 3 * 9 * 7)
    .mul(37)
    .remainder(256)
    .to("uint8")
    .reshape([4, 3, 9, 7]);
  const n = arange(0, 40);
  const arguments_ = [n.remainder(4), n.remainder(5), n.mul(3).remainder(5), n.remainder(3).eq(0)] as const;
  const ours = digest(cropFlip(images, ...arguments_, 2));
  expect(output.trim().split("\n")).toEqual([ours, ours, ours]);
});

// A convolution of which every third weight lives; all values are exact in float32.
const sparseProgram = `
import hashlib, sys, torch
torch.ops.load_library(sys.argv[1])
ops = torch.ops.coppice
step = {"input": 0, "out_channels": 3, "kernel_size": 3, "stride": 1, "projection": 0}
plan = ops.sparse_plan([2, 8, 8], [step], [torch.arange(54).view(3, 2, 3, 3).permute(0, 3, 2, 1).reshape(-1)[::3]], [1e-5])
weights = ((torch.arange(18) - 9) / 16).requires_grad_()
gamma, beta = torch.ones(3, requires_grad=True), torch.zeros(3, requires_grad=True)
images = (torch.arange(5 * 2 * 64) * 37 % 101 / 64).reshape(5, 2, 8, 8)
features = ops.sparse_forward(plan, images, [weights, gamma, beta], [torch.zeros(3), torch.ones(3)], True, 0.1)
features.square().sum().backward()
for value in (features.detach(), weights.grad, gamma.grad, beta.grad):
    print(hashlib.sha256(bytes(memoryview(value.contiguous().numpy()))).hexdigest())
`;

run(
  usable ? "Python trains with the sparse kernels to the same bytes" : `left out: ${reason}, for sparse kernels`,
  () => {
    const output = execFileSync(python?.executable ?? "", ["-c", sparseProgram, operatorLibraryPath], {
      encoding: "utf8",
    });
    const positions = arange(0, 54, 1, { dtype: "int64" })
      .view([3, 2, 3, 3])
      .permute([0, 3, 2, 1])
      .reshape([-1])
      .slice(0, null, null, 3);
    const step = { input: 0, out_channels: 3, kernel_size: 3, stride: 1, projection: 0 };
    const plan = sparsePlan([2, 8, 8], [step], [positions], [1e-5]);
    const parameters = [arange(0, 18).to("float32").sub(9).div(16), ones([3]), zeros([3])];
    for (const parameter of parameters) parameter.requiresGrad = true;
    const images = arange(0, 5 * 2 * 64)
      .mul(37)
      .remainder(101)
      .to("float32")
      .div(64)
      .reshape([5, 2, 8, 8]);
    const features = sparseForward(plan, images, parameters, [zeros([3]), ones([3])], true, 0.1);
    const gradients = grad([features.square().sum()], parameters);
    expect(output.trim().split("\n")).toEqual(
      [features.detach(), ...gradients].map((value) => digest(value.contiguous())),
    );
  },
);
