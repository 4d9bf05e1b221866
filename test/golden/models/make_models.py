"""Writes models.json: logits, losses, gradient norms and running statistics of whole networks in PyTorch, in float64.

Weights and inputs follow the rule "hash" of the golden fixtures: 32-bit arithmetic on the index, so that any language
can rebuild them. Run with any Python that has PyTorch:  python3 make_models.py
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

M = 2**32


class Normalize(nn.Module):
    def __init__(self, mean, std):
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("std", torch.tensor(std))

    def forward(self, x):
        return (x - self.mean[None, :, None, None]) / self.std[None, :, None, None]


class Pad(nn.Module):
    def __init__(self, added):
        super().__init__()
        self.added = added

    def forward(self, x):
        return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.added // 2, self.added // 2))


def projection(inputs, outputs, stride):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))


class Basic(nn.Module):
    expansion = 1

    def __init__(self, inputs, width, stride, shortcut):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = shortcut or nn.Identity()

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.downsample(x))


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inputs, width, stride, shortcut):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.downsample = shortcut or nn.Identity()

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(self.bn3(self.conv3(y)) + self.downsample(x))


class ResNet(nn.Module):
    def __init__(self, spec, block, depths, widths, thin=False):
        super().__init__()
        self.normalize = Normalize(spec["normalize"]["mean"], spec["normalize"]["std"])
        self.imagenet = spec["stem"] == "imagenet"
        stem = (7, 2, 3) if self.imagenet else (3, 1, 1)
        inputs = widths[0]
        self.conv1 = nn.Conv2d(spec["inChannels"], inputs, *stem, bias=False)
        self.bn1 = nn.BatchNorm2d(inputs)
        self.layers = []
        for i, (depth, width) in enumerate(zip(depths, widths)):
            blocks = []
            for j in range(depth):
                stride = 2 if i > 0 and j == 0 else 1
                outputs = width * block.expansion
                shortcut = None
                if stride != 1 or inputs != outputs:
                    shortcut = Pad(outputs - inputs) if thin else projection(inputs, outputs, stride)
                blocks.append(block(inputs, width, stride, shortcut))
                inputs = outputs
            self.layers.append(nn.Sequential(*blocks))
            self.add_module(f"layer{i + 1}", self.layers[-1])
        self.fc = nn.Linear(inputs, spec["numClasses"])

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(self.normalize(x))))
        if self.imagenet:
            x = F.max_pool2d(x, 3, 2, 1)
        for layer in self.layers:
            x = layer(x)
        return self.fc(x.mean((2, 3)))


def multiply(a, b):
    """a * b mod 2^32 for int64 tensors below 2^32, without overflow."""
    return (a * (b & 0xFFFF) + ((a * (b >> 16) % M) << 16)) % M


def hashed(parameter, k):
    i = torch.arange(1, parameter.numel() + 1, dtype=torch.int64)
    h = multiply(i, 0x9E3779B1) ^ ((k + 1) * 0x85EBCA6B % M)
    h = multiply(h ^ (h >> 16), 0x7FEB352D)
    h = multiply(h ^ (h >> 15), 0x846CA68B)
    u = (h ^ (h >> 16)).double() / M
    scale = 0.05 if parameter.dim() == 1 else math.sqrt(6 / (parameter.numel() / parameter.shape[0]))
    return ((2 * u - 1) * scale).reshape(parameter.shape)


def fill(model):
    norms = {name for name, module in model.named_modules() if isinstance(module, nn.BatchNorm2d)}
    with torch.no_grad():
        for k, (name, parameter) in enumerate(model.named_parameters()):
            owner, leaf = name.rsplit(".", 1)
            i = torch.arange(parameter.numel(), dtype=torch.float64)
            if owner not in norms:
                parameter.copy_(hashed(parameter, k))
            else:
                parameter.copy_(1 + 0.1 * torch.sin(i + k) if leaf == "weight" else 0.05 * torch.cos(i + k))
        for name, buffer in model.named_buffers():
            i = torch.arange(buffer.numel(), dtype=torch.float64)
            if name.endswith("running_mean"):
                buffer.copy_(0.02 * torch.sin(i))
            if name.endswith("running_var"):
                buffer.copy_(1 + 0.1 * torch.cos(i))


def results(model, shape, spec):
    model.double()
    with torch.no_grad():
        model.normalize.mean.copy_(torch.tensor(spec["normalize"]["mean"], dtype=torch.float64))
        model.normalize.std.copy_(torch.tensor(spec["normalize"]["std"], dtype=torch.float64))
    fill(model)
    images = (0.5 + 0.5 * torch.sin(0.13 * torch.arange(math.prod(shape), dtype=torch.float64))).reshape(shape)
    labels = torch.arange(shape[0])
    with torch.no_grad():
        evaluated = model.eval()(images)
    logits = model.train()(images)
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    norms = {name: p.grad.norm().item() for name, p in model.named_parameters()}
    running = {n: {"sum": b.sum().item(), "l2": b.norm().item()} for n, b in model.named_buffers() if "running" in n}
    return {
        "logits_eval": evaluated.tolist(),
        "logits_train": logits.tolist(),
        "loss_train": loss.item(),
        "grad_l2": norms,
        "total_grad_l2": math.sqrt(sum(norm * norm for norm in norms.values())),
        "running_after_train": running,
    }


def case(arch, stem, channels, classes, shape):
    mean, std = ([0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616]) if channels == 3 else ([0.286], [0.353])
    spec = {"arch": arch, "stem": stem, "inChannels": channels, "numClasses": classes, "imageSize": shape[-1]}
    spec["normalize"] = {"mean": mean, "std": std}
    wide = [64, 128, 256, 512]
    builders = {
        "resnet18": lambda: ResNet(spec, Basic, [2, 2, 2, 2], wide),
        "resnet50": lambda: ResNet(spec, Bottleneck, [3, 4, 6, 3], wide),
        "resnet20s": lambda: ResNet(spec, Basic, [3] * 3, [16, 32, 64], thin=True),
        "resnet32s": lambda: ResNet(spec, Basic, [5] * 3, [16, 32, 64], thin=True),
    }
    model = builders[arch]()
    return {
        "spec": spec,
        "input": list(shape[1:]),
        "N": shape[0],
        "n_params": sum(p.numel() for p in model.parameters()),
        "state_dict_order": list(model.state_dict()),
        "parameters": [{"name": n, "shape": list(p.shape)} for n, p in model.named_parameters()],
        "buffers": [
            {"name": n, "shape": list(b.shape), "dtype": str(b.dtype).removeprefix("torch.")}
            for n, b in model.named_buffers()
        ],
        "results": {"hash": {"float64": results(model, shape, spec), "recommended_tolerance": {}}},
    }


if __name__ == "__main__":
    cases = [
        case("resnet18", "cifar", 3, 10, (2, 3, 16, 16)),
        case("resnet50", "imagenet", 3, 10, (2, 3, 48, 48)),
        case("resnet20s", "cifar", 1, 10, (2, 1, 28, 28)),
        case("resnet32s", "cifar", 3, 7, (2, 3, 17, 17)),
    ]
    target = pathlib.Path(__file__).with_name("models.json")
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    target.write_text(f"[\n{lines}\n]\n")
