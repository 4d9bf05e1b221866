"""Writes finetune_prune.json: gradual pruning while fine-tuning (FT_prune_bi), by the formula of the published code, with PyTorch's own pruning.

The first pruning ranks the weights as they are. Later ones rank what torch.nn.utils.prune keeps as `weight`, which is made in the
forward pass: weights as they were before the last step. `stale_mask` is what the first pruning would give if it ranked those, too.

The network is that of test/support/tiny-net.ts in float64: normalise, three convolutions with batch normalisation, mean, linear.
Weights, images and labels follow the rules below, so that the test makes them again. Run with any Python that has PyTorch
(made with 1.13):  python3 make_finetune_prune.py
"""

import json
import math
import pathlib

import torch
from torch import nn
from torch.nn.utils import prune

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

images_count, batch, lr, momentum, weight_decay, rate = 64, 16, 0.2, 0.9, 5e-4, 0.8


class TinyNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1, stride=2, bias=False)
        self.bn2 = nn.BatchNorm2d(16)
        self.conv3 = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(16)
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        mean = torch.tensor([0.4914, 0.4822, 0.4465]).view(1, 3, 1, 1)
        std = torch.tensor([0.247, 0.2435, 0.2616]).view(1, 3, 1, 1)
        h = torch.relu(self.bn1(self.conv1((x - mean) / std)))
        h = torch.relu(self.bn2(self.conv2(h)))
        h = torch.relu(self.bn3(self.conv3(h)) + h)
        return self.fc(h.mean((2, 3)))

    def convolutions(self):
        return [(self.conv1, "weight"), (self.conv2, "weight"), (self.conv3, "weight")]


def sine(shape, k):
    """0.3 sin(0.7 (i + 1) + 1.3 k), i the flat index from 0."""
    i = torch.arange(math.prod(shape), dtype=torch.float64)
    return (0.3 * torch.sin(0.7 * (i + 1) + 1.3 * k)).reshape(shape)


def start():
    """Convolutions and the linear layer by `sine`, k the number of the parameter; normalisations are the identity."""
    net = TinyNet()
    with torch.no_grad():
        for k, (name, parameter) in enumerate(net.named_parameters()):
            if not name.startswith("bn"):
                parameter.copy_(sine(parameter.shape, k))
    return net


def data():
    """Images 0.5 + 0.4 sin(0.013 t + 0.9 n), t the flat index in all images and n the image's number; labels n mod 10."""
    t = torch.arange(images_count * 3 * 16 * 16, dtype=torch.float64).reshape(images_count, 3, 16, 16)
    n = torch.arange(images_count)
    return 0.5 + 0.4 * torch.sin(0.013 * t + 0.9 * n.view(-1, 1, 1, 1)), n % 10


def bits(mask):
    return "".join(str(int(value)) for value in mask.flatten().tolist())


def masks_of(net):
    return {f"{name}.weight": bits(getattr(net, name).weight_mask) for name in ("conv1", "conv2", "conv3")}


def pruned_by(weights, share):
    """The mask that PyTorch's global pruning gives for these weights."""
    other = TinyNet()
    with torch.no_grad():
        for (layer, _), weight in zip(other.convolutions(), weights):
            layer.weight.copy_(weight)
    prune.global_unstructured(other.convolutions(), pruning_method=prune.L1Unstructured, amount=share)
    return masks_of(other)


def run(epochs):
    net, (images, labels) = start(), data()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    share = 1 - (1 - rate) ** (1 / ((epochs - 1) // 2 + 1))
    stale, stale_mask = None, None
    for epoch in range(epochs):
        if (epochs - epoch) % 2 == 0:
            if stale_mask is None and stale is not None:
                stale_mask = pruned_by(stale, share)
            prune.global_unstructured(net.convolutions(), pruning_method=prune.L1Unstructured, amount=share)
            if epoch == 1:
                first_mask = masks_of(net)
        net.train()
        for first in range(0, images_count, batch):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(images[first : first + batch]), labels[first : first + batch])
            loss.backward()
            stale = [layer.weight.detach().clone() for layer, _ in net.convolutions()]
            optimizer.step()
    apart = sum(a != b for name in first_mask for a, b in zip(first_mask[name], stale_mask[name]))
    assert apart > 0, "both readings of the formula give the same mask: choose another learning rate"
    with torch.no_grad():
        final = {
            "conv1.weight": (net.conv1.weight_orig * net.conv1.weight_mask).flatten().tolist(),
            "fc.weight": net.fc.weight.flatten().tolist(),
            "bn3.running_var": net.bn3.running_var.tolist(),
        }
    return {"epochs": epochs, "first_mask": first_mask, "stale_mask": stale_mask, "apart": apart, "mask": masks_of(net), "final": final}


settings = {"images": images_count, "batch": batch, "lr": lr, "momentum": momentum, "weight_decay": weight_decay, "rate": rate}
path = pathlib.Path(__file__).with_name("finetune_prune.json")
path.write_text(json.dumps({"settings": settings, "runs": [run(3), run(5)]}, indent=1) + "\n")
