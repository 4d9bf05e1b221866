/** The operators' library holds no Node-API: Python loads the same file, so PyTorch itself can check it. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { pythonWithTorch } from "../../bench/python.ts";
import { arange, cropFlip, libtorchVersion, operatorLibraryPath, type Tensor } from "../../src/torch/index.ts";

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
