"""PyTorch's side of bench/gpu.ts: the step of preset `app` of dcgan28 or dcgan64, as PyTorch runs it by default, on the
graphics card where it has one. `dcgan_pytorch.py 28|64 THREADS`; answers with one JSON line of milliseconds."""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

SIDE, BATCH, STEPS = int(sys.argv[1]), 64, 30
torch.set_num_threads(int(sys.argv[2]))
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Generator28(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense1, self.norm1 = nn.Linear(100, 1024), nn.BatchNorm1d(1024)
        self.dense2, self.norm2 = nn.Linear(1024, 6272), nn.BatchNorm1d(6272)
        self.up1, self.norm3 = nn.ConvTranspose2d(128, 64, 5, 2, 2, 1), nn.BatchNorm2d(64)
        self.up2 = nn.ConvTranspose2d(64, 1, 5, 2, 2, 1)

    def forward(self, z):
        h = F.relu(self.norm1(self.dense1(z)))
        h = F.relu(self.norm2(self.dense2(h))).view(-1, 128, 7, 7)
        return torch.tanh(self.up2(F.relu(self.norm3(self.up1(h)))))


class Discriminator28(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 64, 5, 2, 2), nn.Conv2d(64, 128, 5, 2, 2)
        self.dense1, self.logit = nn.Linear(6272, 256), nn.Linear(256, 1)

    def forward(self, x):
        h = F.leaky_relu(self.conv2(F.leaky_relu(self.conv1(x), 0.2)), 0.2).flatten(1)
        return self.logit(F.dropout(F.leaky_relu(self.dense1(h), 0.2), 0.5))


def generator64(channels):
    layers = [nn.Unflatten(1, (100, 1, 1))]
    for before, after, stride, pad in [(100, 512, 1, 0), (512, 256, 2, 1), (256, 128, 2, 1), (128, 64, 2, 1)]:
        layers += [nn.ConvTranspose2d(before, after, 4, stride, pad, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
    return nn.Sequential(*layers, nn.ConvTranspose2d(64, channels, 4, 2, 1, bias=False), nn.Tanh())


def discriminator64(channels):
    layers = [nn.Conv2d(channels, 64, 4, 2, 1, bias=False), nn.LeakyReLU(0.2)]
    for before, after in [(64, 128), (128, 256), (256, 512)]:
        layers += [nn.Conv2d(before, after, 4, 2, 1, bias=False), nn.BatchNorm2d(after), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Conv2d(512, 1, 4, 1, 0, bias=False), nn.Flatten())


CHANNELS = 1 if SIDE == 28 else 3
generator, discriminator = (Generator28(), Discriminator28()) if SIDE == 28 else (generator64(3), discriminator64(3))
generator, discriminator = generator.to(device), discriminator.to(device)
for parameter in [*generator.parameters(), *discriminator.parameters()]:
    if parameter.dim() > 1:
        nn.init.normal_(parameter, 0, 0.02)
adam_g = torch.optim.Adam(generator.parameters(), 2e-4, (0.5, 0.999))
adam_d = torch.optim.Adam(discriminator.parameters(), 2e-4, (0.5, 0.999))
images = torch.rand(BATCH, CHANNELS, SIDE, SIDE).numpy() * 2 - 1


def cross_entropy(logits, target):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def latents():
    if SIDE == 28:
        return torch.rand(BATCH, 100, device=device) * 2 - 1
    return torch.randn(BATCH, 100, device=device)


def step():
    with torch.no_grad():
        fakes = generator(latents())
    d_loss = cross_entropy(discriminator(torch.from_numpy(images.copy()).to(device)), 1.0)
    d_loss = d_loss + cross_entropy(discriminator(fakes), 0.0)
    adam_d.zero_grad()
    d_loss.backward()
    adam_d.step()
    # Only the generator's gradients, as Saddle computes them.
    for parameter in discriminator.parameters():
        parameter.requires_grad_(False)
    g_loss = cross_entropy(discriminator(generator(latents())), 1.0)
    adam_g.zero_grad()
    g_loss.backward()
    adam_g.step()
    for parameter in discriminator.parameters():
        parameter.requires_grad_(True)
    return d_loss.item(), g_loss.item()


times = []
for _ in range(STEPS):
    start = time.perf_counter()
    step()
    times.append(1000 * (time.perf_counter() - start))
name = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
print(json.dumps({"torch": torch.__version__, "device": name, "times": times}))
