"""PyTorch's side of dense-train-resnet18-b64, dense-memory and the sparse benchmarks: ResNet-18 as anyone would write its training step.

Same network (3x3 stem for small images, normalisation inside), batch, optimiser and precision as bench/sides/train-resnet18.mjs.
The batch is at hand: no input work on this side. Commands: see bench/side.ts. Arguments: number of threads,
`contiguous` or `channels-last`, images in a batch.
"""
import json
import resource
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

BATCH_SIZE = int(sys.argv[3])


class BasicBlock(nn.Module):
    def __init__(self, in_channels, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = None
        if stride != 1 or in_channels != channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, channels, 1, stride, bias=False), nn.BatchNorm2d(channels)
            )

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += identity
        return self.relu(out)


class ResNet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.4914, 0.4822, 0.4465]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.247, 0.2435, 0.2616]).view(1, 3, 1, 1))
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        blocks, in_channels = [], 64
        for channels, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
            blocks += [BasicBlock(in_channels, channels, stride), BasicBlock(channels, channels, 1)]
            in_channels = channels
        self.layers = nn.Sequential(*blocks)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        x = (x - self.mean) / self.std
        x = self.layers(self.relu(self.bn1(self.conv1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


def peak_mib():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
