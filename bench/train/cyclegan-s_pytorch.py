"""PyTorch's side of bench/train.ts: the step of bench/train/cyclegan-small.ts, written as the authors' code has it
(junyanz/pytorch-CycleGAN-and-pix2pix) and run as PyTorch does by default. Takes as many steps as each line of its input
says and answers with their milliseconds."""

import json
import random
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH, SIDE, POOL = 4, 32, 50


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        layers = [nn.ReflectionPad2d(1), nn.Conv2d(width, width, 3), nn.InstanceNorm2d(width), nn.ReLU(True)]
        layers += [nn.ReflectionPad2d(1), nn.Conv2d(width, width, 3), nn.InstanceNorm2d(width)]
        self.inner = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.inner(x)


def make_generator(n=8, blocks=2):
    norm = lambda width: [nn.InstanceNorm2d(width), nn.ReLU(True)]  # noqa: E731
    return nn.Sequential(
        *[nn.ReflectionPad2d(3), nn.Conv2d(3, n, 7), *norm(n)],
        *[nn.Conv2d(n, 2 * n, 3, 2, 1), *norm(2 * n), nn.Conv2d(2 * n, 4 * n, 3, 2, 1), *norm(4 * n)],
        *[Block(4 * n) for _ in range(blocks)],
        *[nn.ConvTranspose2d(4 * n, 2 * n, 3, 2, 1, 1), *norm(2 * n)],
        *[nn.ConvTranspose2d(2 * n, n, 3, 2, 1, 1), *norm(n)],
        *[nn.ReflectionPad2d(3), nn.Conv2d(n, 3, 7), nn.Tanh()],
    )


def make_discriminator(n=16):
    return nn.Sequential(
        *[nn.Conv2d(3, n, 4, 2, 1), nn.LeakyReLU(0.2, True)],
        *[nn.Conv2d(n, 2 * n, 4, 1, 1), nn.InstanceNorm2d(2 * n), nn.LeakyReLU(0.2, True)],
        nn.Conv2d(2 * n, 1, 4, 1, 1),
    )


class ImagePool:
    def __init__(self):
        self.images = []

    def exchange(self, images):
        given = []
        for image in images.detach():
            if len(self.images) < POOL:
                self.images.append(image)
            elif random.random() < 0.5:
                place = random.randrange(POOL)
                image, self.images[place] = self.images[place].clone(), image
            given.append(image)
        return torch.stack(given)


AB, BA, JUDGE_A, JUDGE_B = NETWORKS = make_generator(), make_generator(), make_discriminator(), make_discriminator()
for network in NETWORKS:
    for parameter in network.parameters():
        nn.init.normal_(parameter, 0, 0.02) if parameter.dim() > 1 else nn.init.zeros_(parameter)
adam_g = torch.optim.Adam([*AB.parameters(), *BA.parameters()], 2e-4, (0.5, 0.999))
adam_d = torch.optim.Adam([*JUDGE_A.parameters(), *JUDGE_B.parameters()], 2e-4, (0.5, 0.999))
pool_a, pool_b = ImagePool(), ImagePool()


def score(judge, images, target):
    scores = judge(images)
    return F.mse_loss(scores, torch.full_like(scores, target))


def judges_learn(on):
    for parameter in [*JUDGE_A.parameters(), *JUDGE_B.parameters()]:
        parameter.requires_grad_(on)


def take_step(a, b):
    """One update of both generators, then one of both discriminators; images [n, 3, side, side] of both domains."""
    fake_b, fake_a = AB(a), BA(b)
    back_a, back_b = BA(fake_b), AB(fake_a)
    judges_learn(False)
    losses = {
        "identity_b": F.l1_loss(AB(b), b) * 5,
        "identity_a": F.l1_loss(BA(a), a) * 5,
        "g_ab": score(JUDGE_B, fake_b, 1.0),
        "g_ba": score(JUDGE_A, fake_a, 1.0),
        "cycle_a": F.l1_loss(back_a, a) * 10,
        "cycle_b": F.l1_loss(back_b, b) * 10,
    }
    adam_g.zero_grad()
    sum(losses.values()).backward()
    adam_g.step()
    judges_learn(True)
    adam_d.zero_grad()
    for name, judge, real, fake in (("d_a", JUDGE_A, a, pool_a.exchange(fake_a)), ("d_b", JUDGE_B, b, pool_b.exchange(fake_b))):
        losses[name] = (score(judge, real, 1.0) + score(judge, fake, 0.0)) * 0.5
        losses[name].backward()
    adam_d.step()
    return {name: loss.item() for name, loss in losses.items()}


def main():
    torch.set_num_threads(int(sys.argv[1]))
    a, b = (torch.rand(BATCH, 3, SIDE, SIDE).numpy() * 2 - 1 for _ in range(2))
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            take_step(torch.from_numpy(a.copy()), torch.from_numpy(b.copy()))
            times.append(1000 * (time.perf_counter() - start))
        print(json.dumps(times), flush=True)


if __name__ == "__main__":
    main()
