"""How much of PyTorch's dense training step of ResNet-18 its convolutions take, each alone: the rest is the most that fusing could save.

Prints, after a line that says it is ready, a line of JSON for each line it reads: seconds of a whole step, of the convolutions forward and backward, and of
the convolutions forward as they are and with activations and weights kept in oneDNN's own blocked layout; each in contiguous and channels-last.
Arguments: number of threads, images in a batch.
"""
import json
import sys
import time

import torch
import torch.nn.functional as F
from torch.utils import mkldnn

from resnet18 import ResNet18

LAYOUTS = {"contiguous": torch.contiguous_format, "channelsLast": torch.channels_last}


class Network:
    def __init__(self, batch_size, layout):
        self.model = ResNet18().to(memory_format=layout)
        self.images = torch.rand(batch_size, 3, 32, 32).contiguous(memory_format=layout)
        self.labels = torch.arange(batch_size) % 10
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
        self.convolutions = []
        hooks = [
            module.register_forward_hook(self.remember)
            for module in self.model.modules()
            if isinstance(module, torch.nn.Conv2d)
        ]
        with torch.no_grad():
            self.model(self.images)
        for hook in hooks:
            hook.remove()
        self.blocked = [(mkldnn.to_mkldnn(module), x.detach().to_mkldnn()) for module, x, _ in self.convolutions]

    def remember(self, module, inputs, output):
        first = len(self.convolutions) == 0  # nothing flows back into the images
        self.convolutions.append((module, inputs[0].detach().clone().requires_grad_(not first), torch.randn_like(output)))

    def step(self):
        self.optimizer.zero_grad()
        F.cross_entropy(self.model(self.images), self.labels).backward()
        self.optimizer.step()

    def both_ways(self):
        for module, x, gradient in self.convolutions:
            module.weight.grad = x.grad = None
            module(x).backward(gradient)

    @torch.no_grad()
    def forward(self):
        for module, x, _ in self.convolutions:
            module(x)

    @torch.no_grad()
    def forward_blocked(self):
        for module, x in self.blocked:
            module(x)


def seconds(run):
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(0)
    networks = {name: Network(int(sys.argv[2]), layout) for name, layout in LAYOUTS.items()}
    versions = {"python": sys.version.split()[0], "torch": torch.__version__}
    print(json.dumps({"threads": torch.get_num_threads(), "versions": versions}), flush=True)
    for _ in sys.stdin:
        answer = {}
        for name, network in networks.items():
            runs = (network.step, network.both_ways, network.forward, network.forward_blocked)
            answer[name] = dict(zip(("step", "convolutions", "forward", "blocked"), map(seconds, runs)))
        print(json.dumps(answer), flush=True)


main()
