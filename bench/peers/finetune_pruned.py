"""PyTorch's side of sparse-job: the fine-tuning that a finished `coppice forget --method finetune` run did, with
torch.nn.utils.prune masks, from start to saved model.

Arguments: number of threads, `contiguous` or `channels-last`, the folder of that run, the file to save. What is trained on, how long and
with what settings is read from the folder: the retained images cropped and flipped, the validation accuracy after each epoch, and
at the end the loss on the retained images, as that run has them.
"""
import json
import os
import re
import sys
import tarfile

import numpy as np
import torch
import torch.nn.functional as F
from torch.nn.utils import prune

from resnet18 import ResNet18, peak_mib

RECORD = 1 + 3 * 32 * 32


def read_safetensors(path):
    types = {"F32": np.float32, "I64": np.int64, "U8": np.uint8}
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        content = file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            values = np.frombuffer(content[first:last], dtype=types[entry["dtype"]]).reshape(entry["shape"])
            tensors[name] = torch.from_numpy(values.copy())
    return tensors


def peer_name(name):
    """Blocks are numbered within stages there, and throughout here."""
    name = name.replace("normalize.", "")
    return re.sub(r"^layer(\d)\.(\d)", lambda found: f"layers.{2 * (int(found[1]) - 1) + int(found[2])}", name)


def read_cifar10(path):
    """Images uint8 [N, 3, 32, 32] and labels int64 [N] of the training part, from the published archive (binary version)."""
    parts = []
    with tarfile.open(path) as archive:
        files = {os.path.basename(member.name): member for member in archive.getmembers()}
        for number in range(1, 6):
            content = archive.extractfile(files[f"data_batch_{number}.bin"]).read()
            parts.append(np.frombuffer(content, dtype=np.uint8).reshape(-1, RECORD))
    records = np.concatenate(parts)
    images = torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32).copy())
    return images, torch.from_numpy(records[:, 0].astype(np.int64))


def crop_and_flip(images):
    """Random crops of the images with a frame of 4 zeros, half of them flipped."""
    count = len(images)
    padded = F.pad(images, (4, 4, 4, 4))
    rows = torch.randint(0, 9, (count, 1)) + torch.arange(32)
    columns = torch.randint(0, 9, (count, 1)) + torch.arange(32)
    flipped = torch.rand(count, 1) < 0.5
    columns = torch.where(flipped, columns.flip(1), columns)
    sample = torch.arange(count)[:, None, None]
    return padded.permute(0, 2, 3, 1)[sample, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def prepared(images, layout):
    return (images.float() / 255).contiguous(memory_format=layout)


@torch.no_grad()
def score(model, images, labels, layout):
    """Mean loss and accuracy."""
    model.eval()
    loss = correct = 0.0
    for first in range(0, len(images), 256):
        logits = model(prepared(images[first : first + 256], layout))
        target = labels[first : first + 256]
        loss += F.cross_entropy(logits, target, reduction="sum").item()
        correct += (logits.argmax(1) == target).sum().item()
    model.train()
    return loss / len(images), correct / len(images)


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(0)
    layout = torch.channels_last if sys.argv[2] == "channels-last" else torch.contiguous_format
    folder, out = sys.argv[3:5]
    with open(os.path.join(folder, "run.json")) as file:
        run = json.load(file)
    with open(os.path.join(folder, "split.json")) as file:
        indices = json.load(file)["indices"]
    options, batch_size = run["method"]["options"], run["config"]["batchSize"]
    images, labels = read_cifar10(run["data"]["source"])

    state = read_safetensors(os.path.join(run["config"]["model"], "model.safetensors"))
    state = {peer_name(name): value for name, value in state.items()}
    model = ResNet18()
    for name, value in model.state_dict().items():
        value.copy_(state[name].reshape(value.shape))
    model.to(memory_format=layout)
    for path, module in model.named_modules():
        if isinstance(module, torch.nn.Conv2d):
            prune.custom_from_mask(module, "weight", state[f"{path}.weight_mask"].to(torch.float32))

    optimizer = torch.optim.SGD(
        model.parameters(), lr=options["lr"], momentum=options["momentum"], weight_decay=options["weightDecay"]
    )
    retain, validation = torch.tensor(indices["retain"]), torch.tensor(indices["validation"])
    for epoch in range(options["epochs"]):
        for chosen in retain[torch.randperm(len(retain))].split(batch_size):
            optimizer.zero_grad()
            batch = prepared(crop_and_flip(images[chosen]), layout)
            loss = F.cross_entropy(model(batch), labels[chosen])
            loss.backward()
            optimizer.step()
        accuracy = score(model, images[validation], labels[validation], layout)[1]
        print(f"epoch {epoch + 1}: loss {loss.item():.4f}, validation accuracy {accuracy:.4f}", file=sys.stderr)
    loss, accuracy = score(model, images[retain], labels[retain], layout)
    validated = score(model, images[validation], labels[validation], layout)[1]

    for module in model.modules():
        if isinstance(module, torch.nn.Conv2d):
            prune.remove(module, "weight")
    torch.save(model.state_dict(), out)
    zeros = sum((m.weight == 0).sum().item() for m in model.modules() if isinstance(m, torch.nn.Conv2d))
    versions = {"python": sys.version.split()[0], "torch": torch.__version__}
    print(json.dumps({"trainLoss": loss, "trainAccuracy": accuracy, "validationAccuracy": validated, "zeros": zeros,
                      "peakMiB": peak_mib(), "versions": versions}))


main()
