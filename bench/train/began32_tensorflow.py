"""TensorFlow's side of bench/train.ts for BEGAN at 32 x 32: preset `app` of src/main/training/recipes/began.ts with that size,
compiled to a graph with tf.function. Takes as many steps as each line of its input says and answers with their
milliseconds."""

import json
import math
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf  # noqa: E402

BATCH, WIDTH, CODE, GAMMA, GAIN = 16, 64, 64, 0.5, 0.001
tf.config.threading.set_intra_op_parallelism_threads(int(sys.argv[1]))
tf.config.threading.set_inter_op_parallelism_threads(int(sys.argv[1]))


def weights(*shape):
    inputs, outputs = math.prod(shape[:-1]), math.prod(shape[:-2]) * shape[-1]
    limit = math.sqrt(6 / (inputs + outputs))
    return [tf.Variable(tf.random.uniform(shape, -limit, limit)), tf.Variable(tf.zeros([shape[-1]]))]


def decoder():
    layers = [weights(CODE, 64 * WIDTH)] + [weights(3, 3, WIDTH, WIDTH) for _ in range(6)]
    return layers + [weights(3, 3, WIDTH, 3)]


def encoder():
    layers = [weights(3, 3, 3, WIDTH)]
    for block in (1, 2, 3):
        before, width = max(1, block - 1) * WIDTH, block * WIDTH
        layers += [weights(3, 3, before, width), weights(3, 3, width, width)]
        layers += [weights(3, 3, width, width)] if block < 3 else []
    return layers + [weights(64 * 3 * WIDTH, CODE)]


GENERATOR, ENCODER, DECODER = decoder(), encoder(), decoder()
flat = lambda layers: [variable for layer in layers for variable in layer]  # noqa: E731
G, D = flat(GENERATOR), flat(ENCODER) + flat(DECODER)
conv = lambda x, w, b, stride=1: tf.nn.bias_add(tf.nn.conv2d(x, w, stride, "SAME"), b)  # noqa: E731


def decode(code, layers):
    h = tf.reshape(code @ layers[0][0] + layers[0][1], [BATCH, 8, 8, WIDTH])
    for at, layer in enumerate(layers[1:-1]):
        h = tf.nn.elu(conv(h, *layer))
        if at in (1, 3):
            h = tf.compat.v1.image.resize_nearest_neighbor(h, [2 * h.shape[1], 2 * h.shape[2]])
    return conv(h, *layers[-1])


def autoencode(x):
    h = x
    for at, layer in enumerate(ENCODER[:-1]):
        h = tf.nn.elu(conv(h, *layer, stride=2 if at in (3, 6) else 1))
    w, b = ENCODER[-1]
    return decode(tf.reshape(h, [BATCH, 64 * 3 * WIDTH]) @ w + b, DECODER)


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
                lr=1e-4, beta1=0.5, beta2=0.999, epsilon=1e-8, grad=gradient,
            )  # fmt: skip


ADAM_G, ADAM_D = Adam(G), Adam(D)
K = tf.Variable(0.02)
difference = lambda x: tf.reduce_mean(tf.abs(x - autoencode(x)))  # noqa: E731


@tf.function
def step(images):
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(D)
        real = difference(images)
    of_real = tape.gradient(real, D)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(G + D)
        fake = difference(decode(tf.random.uniform([BATCH, CODE], -1, 1), GENERATOR))
    both = tape.gradient(fake, G + D)
    ADAM_D.apply([one - K * other for one, other in zip(of_real, both[len(G) :])])
    ADAM_G.apply(both[: len(G)])
    K.assign(tf.clip_by_value(K + GAIN * (GAMMA * real - fake), 0, 1))
    return tf.stack([real, fake])


images = tf.random.uniform([BATCH, 32, 32, 3], -1, 1).numpy()
for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter()
        step(tf.constant(images)).numpy()
        times.append(1000 * (time.perf_counter() - start))
    print(json.dumps(times), flush=True)
