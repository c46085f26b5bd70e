"""TensorFlow's side of bench/train.ts: the step of bench/train/cyclegan-small.ts, compiled to a graph with tf.function.
Takes as many steps as each line of its input says and answers with their milliseconds."""

import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf  # noqa: E402

BATCH, SIDE, POOL = 4, 32, 50
tf.config.threading.set_intra_op_parallelism_threads(int(sys.argv[1]))
tf.config.threading.set_inter_op_parallelism_threads(int(sys.argv[1]))

weight = lambda shape: tf.Variable(tf.random.normal(shape, 0, 0.02))  # noqa: E731
zeros = lambda *shape: tf.Variable(tf.zeros(shape))  # noqa: E731


def make_generator(n=8, blocks=2):
    shapes = [(7, 3, n), (3, n, 2 * n), (3, 2 * n, 4 * n), *[(3, 4 * n, 4 * n)] * 2 * blocks]
    layers = [(weight([k, k, inputs, filters]), zeros(filters)) for k, inputs, filters in shapes]
    layers += [(weight([3, 3, filters, 2 * filters]), zeros(filters)) for filters in (2 * n, n)]
    return [*layers, (weight([7, 7, n, 3]), zeros(3))]


def make_discriminator(n=16):
    return [(weight([4, 4, i, o]), zeros(o)) for i, o in ((3, n), (n, 2 * n), (2 * n, 1))]


def mirror(x, size):
    return tf.pad(x, [[0, 0], [size, size], [size, size], [0, 0]], "REFLECT")


def conv(x, layer, stride=1, pad=0):
    x = tf.pad(x, [[0, 0], [pad, pad], [pad, pad], [0, 0]]) if pad else x
    return tf.nn.bias_add(tf.nn.conv2d(x, layer[0], stride, "VALID"), layer[1])


def enlarge(x, layer):
    n, height, width, _ = x.shape
    # TensorFlow's transposed convolution has no padding of one pixel before and none behind: what is over is cut off.
    whole = tf.nn.conv2d_transpose(x, layer[0], [n, 2 * height + 1, 2 * width + 1, layer[1].shape[0]], 2, "VALID")
    return tf.nn.bias_add(whole[:, 1:, 1:], layer[1])


def norm(x):
    centred = x - tf.reduce_mean(x, [1, 2], keepdims=True)
    return centred * tf.math.rsqrt(tf.reduce_mean(tf.square(centred), [1, 2], keepdims=True) + 1e-5)


def translate(layers, x):
    first, down1, down2, *inner, up1, up2, last = layers
    h = tf.nn.relu(norm(conv(mirror(x, 3), first)))
    h = tf.nn.relu(norm(conv(h, down1, 2, 1)))
    h = tf.nn.relu(norm(conv(h, down2, 2, 1)))
    for one, other in zip(inner[::2], inner[1::2]):
        h = h + norm(conv(mirror(tf.nn.relu(norm(conv(mirror(h, 1), one))), 1), other))
    h = tf.nn.relu(norm(enlarge(tf.nn.relu(norm(enlarge(h, up1))), up2)))
    return tf.tanh(conv(mirror(h, 3), last))


def judge(layers, x):
    h = tf.nn.leaky_relu(conv(x, layers[0], 2, 1), 0.2)
    h = tf.nn.leaky_relu(norm(conv(h, layers[1], 1, 1)), 0.2)
    return conv(h, layers[2], 1, 1)


class Adam:
    def __init__(self, variables):
        self.slots = [(v, tf.Variable(tf.zeros(v.shape)), tf.Variable(tf.zeros(v.shape))) for v in variables]
        self.done = tf.Variable(0.0)

    def apply(self, gradients):
        self.done.assign_add(1.0)
        powers = tf.pow(0.5, self.done), tf.pow(0.999, self.done)
        for (v, m, u), gradient in zip(self.slots, gradients):
            tf.raw_ops.ResourceApplyAdam(
                var=v.handle, m=m.handle, v=u.handle, beta1_power=powers[0], beta2_power=powers[1],
                lr=2e-4, beta1=0.5, beta2=0.999, epsilon=1e-8, grad=gradient,
            )  # fmt: skip


class ImagePool:
    def __init__(self):
        self.images, self.filled = zeros(POOL, SIDE, SIDE, 3), tf.Variable(0)

    def exchange(self, images):
        given = []
        for image in tf.unstack(images):
            is_full = self.filled >= POOL
            swaps = tf.logical_and(is_full, tf.random.uniform([]) < 0.5)
            place = tf.where(is_full, tf.random.uniform([], 0, POOL, tf.int32), self.filled)
            given.append(tf.cond(swaps, lambda: self.images[place], lambda: image))
            with tf.control_dependencies(given[-1:]):
                if tf.logical_or(swaps, tf.logical_not(is_full)):
                    self.images.scatter_update(tf.IndexedSlices(image, place))
            self.filled.assign(tf.minimum(self.filled + 1, POOL))
        return tf.stack(given)


AB, BA, JUDGE_A, JUDGE_B = make_generator(), make_generator(), make_discriminator(), make_discriminator()
flat = lambda *networks: [v for network in networks for layer in network for v in layer]  # noqa: E731
G, D = flat(AB, BA), flat(JUDGE_A, JUDGE_B)
ADAM_G, ADAM_D = Adam(G), Adam(D)
POOL_A, POOL_B = ImagePool(), ImagePool()
score = lambda scores, target: tf.reduce_mean(tf.square(scores - target))  # noqa: E731
distance = lambda x, y: tf.reduce_mean(tf.abs(x - y))  # noqa: E731


@tf.function
def step(a, b):
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(G)
        fake_b, fake_a = translate(AB, a), translate(BA, b)
        losses = [5 * distance(translate(AB, b), b), 5 * distance(translate(BA, a), a)]
        losses += [score(judge(JUDGE_B, fake_b), 1), score(judge(JUDGE_A, fake_a), 1)]
        losses += [10 * distance(translate(BA, fake_b), a), 10 * distance(translate(AB, fake_a), b)]
        g_loss = tf.add_n(losses)
    ADAM_G.apply(tape.gradient(g_loss, G))
    old_a, old_b = POOL_A.exchange(fake_a), POOL_B.exchange(fake_b)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(D)
        d_a = (score(judge(JUDGE_A, a), 1) + score(judge(JUDGE_A, old_a), 0)) / 2
        d_b = (score(judge(JUDGE_B, b), 1) + score(judge(JUDGE_B, old_b), 0)) / 2
        d_loss = d_a + d_b
    ADAM_D.apply(tape.gradient(d_loss, D))
    return tf.stack([*losses, d_a, d_b])


if __name__ == "__main__":
    a, b = (tf.random.uniform([BATCH, SIDE, SIDE, 3], -1, 1).numpy() for _ in range(2))
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            step(tf.constant(a), tf.constant(b)).numpy()
            times.append(1000 * (time.perf_counter() - start))
        print(json.dumps(times), flush=True)
