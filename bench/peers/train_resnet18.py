"""PyTorch's side of dense-train-resnet18-b64, dense-memory and the sparse benchmarks: ResNet-18 as anyone would write its training step.

Same network (3x3 stem for small images, normalisation inside), batch, optimiser and precision as bench/sides/train-resnet18.mjs.
The batch is at hand: no input work on this side. Commands: see bench/side.ts. Arguments: number of threads,
`contiguous` or `channels-last`, images in a batch.
"""
import json
import sys
import time

import torch
import torch.nn.functional as F

from resnet18 import ResNet18, peak_mib

BATCH_SIZE = int(sys.argv[3])


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(0)
    layout = torch.channels_last if "channels-last" in sys.argv[2:] else torch.contiguous_format
    model = ResNet18().to(memory_format=layout)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
    images = torch.rand(BATCH_SIZE, 3, 32, 32).contiguous(memory_format=layout)
    labels = torch.arange(BATCH_SIZE) % 10

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    @torch.no_grad()
    def evaluate():
        return model(images).argmax(1)

    versions = {"python": sys.version.split()[0], "torch": torch.__version__}
    print(json.dumps({"threads": torch.get_num_threads(), "versions": versions}), flush=True)
    for line in sys.stdin:
        command, *arguments = line.split()
        if command in ("steps", "evaluate"):
            model.train(command == "steps")
            run = step if command == "steps" else evaluate
            started = time.perf_counter()
            for _ in range(int(arguments[0])):
                run()
            answer = {"seconds": time.perf_counter() - started}
        else:
            answer = {"peakMiB": peak_mib()}
        print(json.dumps(answer), flush=True)


main()
