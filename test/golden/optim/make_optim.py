"""Writes trajectories.json and schedules.json: what PyTorch's optimisers and schedules do, in float64.

Two parameters, a [4] and b [2, 3], start at sin(i + k); the gradient of step t (from 0) is cos(0.5 i + k + t) (k = 0, 1).
b has no gradient in step 1. Run with any Python that has PyTorch:  python3 make_optim.py
"""

import json
import math
import pathlib

import torch
from torch.optim import SGD, Adam, AdamW
from torch.optim.lr_scheduler import CosineAnnealingLR, MultiStepLR, OneCycleLR

here = pathlib.Path(__file__).parent
shapes = [(4,), (2, 3)]
steps = 6


def filled(shape, f):
    return f(torch.arange(math.prod(shape), dtype=torch.float64)).reshape(shape)


def trajectory(kind, **options):
    parameters = [filled(shape, lambda i: torch.sin(i + k)).requires_grad_() for k, shape in enumerate(shapes)]
    optimizer = kind(parameters, **options)
    rows = []
    for t in range(steps):
        for k, parameter in enumerate(parameters):
            parameter.grad = filled(parameter.shape, lambda i: torch.cos(0.5 * i + k + t))
        if t == 1:
            parameters[1].grad = None
        optimizer.step()
        rows.append([value for parameter in parameters for value in parameter.flatten().tolist()])
    return rows


def rates(make, count):
    optimizer = SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    schedule = make(optimizer)
    found = []
    for _ in range(count):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


def cycle(**options):
    return lambda optimizer: OneCycleLR(optimizer, cycle_momentum=False, **options)


trajectories = {
    "sgd": trajectory(SGD, lr=0.1),
    "sgd momentum": trajectory(SGD, lr=0.1, momentum=0.9, weight_decay=0.01),
    "sgd nesterov": trajectory(SGD, lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True),
    "sgd dampening": trajectory(SGD, lr=0.1, momentum=0.9, dampening=0.3),
    "sgd maximize": trajectory(SGD, lr=0.1, momentum=0.5, weight_decay=0.1, maximize=True),
    "adam": trajectory(Adam, lr=0.1),
    "adam weight decay": trajectory(Adam, lr=0.1, weight_decay=0.1, betas=(0.8, 0.9), eps=1e-3),
    "adam amsgrad": trajectory(Adam, lr=0.1, amsgrad=True),
    "adamw": trajectory(AdamW, lr=0.1),
    "adamw amsgrad": trajectory(AdamW, lr=0.1, weight_decay=0.5, amsgrad=True),
}
schedules = {
    "multi-step": rates(lambda o: MultiStepLR(o, [2, 5], gamma=0.3), 8),
    "cosine": rates(lambda o: CosineAnnealingLR(o, 9, eta_min=0.01), 9),
    "one cycle": rates(cycle(max_lr=0.4, epochs=4, steps_per_epoch=5), 20),
    "one cycle, other settings": rates(
        cycle(max_lr=1.0, total_steps=12, pct_start=0.5, div_factor=10.0, final_div_factor=100.0), 12
    ),
}


def lines(cases):
    return ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in cases.items())


(here / "trajectories.json").write_text("{\n" + lines(trajectories) + "\n}\n")
(here / "schedules.json").write_text("{\n" + lines(schedules) + "\n}\n")
