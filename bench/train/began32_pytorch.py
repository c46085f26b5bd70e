"""PyTorch's side of bench/train.ts for BEGAN at 32 x 32: preset `app` of src/main/training/recipes/began.ts with that size, as
PyTorch runs it by default. Takes as many steps as each line of its input says and answers with their milliseconds."""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH, WIDTH, CODE, GAMMA, GAIN = 16, 64, 64, 0.5, 0.001
torch.set_num_threads(int(sys.argv[1]))


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(CODE, 64 * WIDTH)
        self.convolutions = nn.ModuleList(nn.Conv2d(WIDTH, WIDTH, 3, 1, 1) for _ in range(6))
        self.image = nn.Conv2d(WIDTH, 3, 3, 1, 1)

    def forward(self, code):
        h = self.dense(code).view(-1, WIDTH, 8, 8)
        for at, convolution in enumerate(self.convolutions):
            h = F.elu(convolution(h))
            if at in (1, 3):
                h = F.interpolate(h, scale_factor=2)
        return self.image(h)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [(3, WIDTH, 1)]
        for block in (1, 2, 3):
            before, width = max(1, block - 1) * WIDTH, block * WIDTH
            widths += [(before, width, 1), (width, width, 1)]
            widths += [(width, width, 2)] if block < 3 else []
        self.convolutions = nn.ModuleList(nn.Conv2d(i, o, 3, stride, 1) for i, o, stride in widths)
        self.code = nn.Linear(64 * 3 * WIDTH, CODE)
        self.decoder = Decoder()

    def forward(self, x):
        h = x
        for convolution in self.convolutions:
            h = F.elu(convolution(h))
        return self.decoder(self.code(h.flatten(1)))


generator, discriminator = Decoder(), Autoencoder()
G, D = list(generator.parameters()), list(discriminator.parameters())
adam_g = torch.optim.Adam(G, 1e-4, (0.5, 0.999))
adam_d = torch.optim.Adam(D, 1e-4, (0.5, 0.999))
images = torch.rand(BATCH, 3, 32, 32).numpy() * 2 - 1
k = 0.02


def difference(x):
    return (x - discriminator(x)).abs().mean()


def step():
    global k
    real = difference(torch.from_numpy(images.copy()))
    real_gradients = torch.autograd.grad(real, D)
    fake = difference(generator(torch.rand(BATCH, CODE) * 2 - 1))
    both = torch.autograd.grad(fake, G + D)
    for parameter, gradient in zip(G, both):
        parameter.grad = gradient
    for parameter, of_real, of_fake in zip(D, real_gradients, both[len(G) :]):
        parameter.grad = of_real - k * of_fake
    adam_d.step()
    adam_g.step()
    losses = real.item(), fake.item()
    k = min(1, max(0, k + GAIN * (GAMMA * losses[0] - losses[1])))
    return losses


for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter()
        step()
        times.append(1000 * (time.perf_counter() - start))
    print(json.dumps(times), flush=True)
