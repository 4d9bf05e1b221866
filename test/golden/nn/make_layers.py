"""Writes layers.json and losses.json (values, gradients, running statistics in PyTorch, in float64) and init.json:
what its initialisers draw from a seed, in float32. Run with any Python that has PyTorch:  python3 make_layers.py

Input x[i] = sin(0.37 i + 0.5); k-th parameter p[i] = 0.5 sin(0.9 i + k + 1); loss = sum over j of out[j] cos(0.3 j).
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

here = pathlib.Path(__file__).parent


def filled(shape, f):
    return f(torch.arange(math.prod(shape), dtype=torch.float64)).reshape(shape)


def case(layer, shape, passes=1):
    layer = layer.double()
    with torch.no_grad():
        for k, parameter in enumerate(layer.parameters()):
            parameter.copy_(filled(parameter.shape, lambda i: 0.5 * torch.sin(0.9 * i + k + 1)))
    for number in range(passes):  # later passes see other inputs, so that running statistics move again
        x = filled(shape, lambda i: (number + 1) * torch.sin(0.37 * i + 0.5)).requires_grad_()
        layer.zero_grad()
        out = layer(x)
        (out * filled(out.shape, lambda j: torch.cos(0.3 * j))).sum().backward()
    result = {
        "shape": list(shape),
        "passes": passes,
        "outputShape": list(out.shape),
        "output": out.flatten().tolist(),
        "inputGradient": x.grad.flatten().tolist(),
        "gradients": {name: p.grad.flatten().tolist() for name, p in layer.named_parameters()},
        "buffers": {name: b.flatten().tolist() for name, b in layer.named_buffers()},
    }
    with torch.no_grad():
        result["evalOutput"] = layer.eval()(x).flatten().tolist()
    return result


def loss(**options):
    logits = filled((5, 4), lambda i: 2 * torch.sin(0.37 * i + 0.5)).requires_grad_()
    value = F.cross_entropy(logits, torch.tensor([0, 3, 1, 2, 2]), **options)
    value.sum().backward()
    return {"value": value.flatten().tolist(), "gradient": logits.grad.flatten().tolist()}


def drawn(seed, make):
    torch.manual_seed(seed)
    return [tensor.detach().flatten().tolist() for tensor in make()]


def normal(mode):
    weight = torch.empty(4, 3, 3, 2)
    return [nn.init.kaiming_normal_(weight, mode=mode, nonlinearity="relu")]


layers = {
    "conv": case(nn.Conv2d(2, 3, 3), (2, 2, 5, 4)),
    "conv strided": case(nn.Conv2d(2, 4, (3, 2), stride=(2, 1), padding=(1, 0), bias=False), (2, 2, 5, 4)),
    "conv grouped": case(nn.Conv2d(4, 2, 2, dilation=2, groups=2), (1, 4, 4, 4)),
    "batch norm": case(nn.BatchNorm2d(3), (2, 3, 2, 2), passes=2),
    "batch norm, other settings": case(nn.BatchNorm2d(2, eps=0.01, momentum=0.3), (3, 2, 1, 2), passes=2),
    "linear": case(nn.Linear(3, 4), (2, 3)),
    "linear without bias": case(nn.Linear(3, 2, bias=False), (2, 2, 3)),
    "relu": case(nn.ReLU(), (2, 5)),
    "max pool": case(nn.MaxPool2d(2), (1, 2, 5, 4)),
    "max pool, overlapping": case(nn.MaxPool2d(3, stride=2, padding=1), (1, 2, 5, 4)),
    "avg pool": case(nn.AvgPool2d(2), (1, 2, 5, 4)),
    "avg pool, padded": case(nn.AvgPool2d((3, 2), stride=1, padding=1), (1, 2, 3, 3)),
    "adaptive avg pool": case(nn.AdaptiveAvgPool2d(1), (2, 2, 3, 4)),
    "adaptive avg pool, uneven": case(nn.AdaptiveAvgPool2d((2, 3)), (1, 2, 5, 4)),
    "flatten": case(nn.Flatten(), (2, 2, 3)),
    "sequential": case(nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)), (3, 3)),
}
losses = {
    "mean": loss(),
    "sum": loss(reduction="sum"),
    "none": loss(reduction="none"),
    "smoothed": loss(label_smoothing=0.1),
}
init = {
    "conv": drawn(1, lambda: nn.Conv2d(3, 4, (3, 2)).parameters()),
    "linear": drawn(2, lambda: nn.Linear(7, 5).parameters()),
    "kaiming normal fan in": drawn(3, lambda: normal("fan_in")),
    "kaiming normal fan out": drawn(4, lambda: normal("fan_out")),
}


def lines(cases):
    return ",\n".join(f"{json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in cases.items())


(here / "layers.json").write_text("{\n" + lines(layers) + "\n}\n")
(here / "losses.json").write_text("{\n" + lines(losses) + "\n}\n")
(here / "init.json").write_text("{\n" + lines(init) + "\n}\n")
