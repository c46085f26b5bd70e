"""PyTorch's side of bench/train.ts: the step of preset `app` of src/main/training/recipes/dcgan28.ts, as PyTorch runs
it by default. Takes as many steps as each line of its input says and answers with their milliseconds."""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH = 64
torch.set_num_threads(int(sys.argv[1]))


class Generator(nn.Module):
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


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 64, 5, 2, 2), nn.Conv2d(64, 128, 5, 2, 2)
        self.dense1, self.logit = nn.Linear(6272, 256), nn.Linear(256, 1)

    def forward(self, x):
        h = F.leaky_relu(self.conv2(F.leaky_relu(self.conv1(x), 0.2)), 0.2).flatten(1)
        return self.logit(F.dropout(F.leaky_relu(self.dense1(h), 0.2), 0.5))


generator, discriminator = Generator(), Discriminator()
for parameter in [*generator.parameters(), *discriminator.parameters()]:
    if parameter.dim() > 1:
        nn.init.normal_(parameter, 0, 0.02)
adam_g = torch.optim.Adam(generator.parameters(), 2e-4, (0.5, 0.999))
adam_d = torch.optim.Adam(discriminator.parameters(), 2e-4, (0.5, 0.999))
images = torch.rand(BATCH, 1, 28, 28).numpy() * 2 - 1


def cross_entropy(logits, target):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def step():
    latents = lambda: torch.rand(BATCH, 100) * 2 - 1  # noqa: E731
    with torch.no_grad():
        fakes = generator(latents())
    d_loss = cross_entropy(discriminator(torch.from_numpy(images.copy())), 1.0)
    d_loss = d_loss + cross_entropy(discriminator(fakes), 0.0)
    adam_d.zero_grad()
    d_loss.backward()
    adam_d.step()
    # Only the generator's gradients, as the others compute them.
    for parameter in discriminator.parameters():
        parameter.requires_grad_(False)
    g_loss = cross_entropy(discriminator(generator(latents())), 1.0)
    adam_g.zero_grad()
    g_loss.backward()
    adam_g.step()
    for parameter in discriminator.parameters():
        parameter.requires_grad_(True)
    return d_loss.item(), g_loss.item()


for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter()
        step()
        times.append(1000 * (time.perf_counter() - start))
    print(json.dumps(times), flush=True)
