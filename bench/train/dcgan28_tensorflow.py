"""TensorFlow's side of bench/train.ts: the step of preset `app` of src/main/training/recipes/dcgan28.ts, compiled to a
graph with tf.function. Takes as many steps as each line of its input says and answers with their milliseconds."""

import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf  # noqa: E402

BATCH = 64
tf.config.threading.set_intra_op_parallelism_threads(int(sys.argv[1]))
tf.config.threading.set_inter_op_parallelism_threads(int(sys.argv[1]))

weight = lambda shape: tf.Variable(tf.random.normal(shape, 0, 0.02))  # noqa: E731
zeros = lambda n: tf.Variable(tf.zeros([n]))  # noqa: E731
ones = lambda n: tf.Variable(tf.ones([n]))  # noqa: E731

G = [weight([100, 1024]), zeros(1024), weight([1024, 6272]), zeros(6272)]
G += [weight([5, 5, 64, 128]), zeros(64), weight([5, 5, 1, 64]), zeros(1)]
NORM = [(ones(n), zeros(n)) for n in (1024, 6272, 64)]
RUNNING = [(zeros(n), ones(n)) for n in (1024, 6272, 64)]
D = [weight([5, 5, 1, 64]), zeros(64), weight([5, 5, 64, 128]), zeros(128)]
D += [weight([6272, 256]), zeros(256), weight([256, 1]), zeros(1)]
G_ALL = G + [variable for pair in NORM for variable in pair]


def norm(x, at, follow):
    image = x if len(x.shape) == 4 else tf.reshape(x, [BATCH, 1, 1, -1])
    scale, offset = NORM[at]
    y, mean, variance = tf.compat.v1.nn.fused_batch_norm(image, scale, offset, epsilon=1e-5)
    if follow:
        for average, value in zip(RUNNING[at], (mean, variance)):
            average.assign(0.9 * average + 0.1 * value)
    return tf.nn.relu(tf.reshape(y, x.shape))


def generate(z, follow):
    h = norm(z @ G[0] + G[1], 0, follow)
    h = tf.reshape(norm(h @ G[2] + G[3], 1, follow), [BATCH, 7, 7, 128])
    h = norm(tf.nn.bias_add(tf.nn.conv2d_transpose(h, G[4], [BATCH, 14, 14, 64], 2), G[5]), 2, follow)
    return tf.tanh(tf.nn.bias_add(tf.nn.conv2d_transpose(h, G[6], [BATCH, 28, 28, 1], 2), G[7]))


def judge(x):
    h = tf.nn.leaky_relu(tf.nn.bias_add(tf.nn.conv2d(x, D[0], 2, "SAME"), D[1]), 0.2)
    h = tf.nn.leaky_relu(tf.nn.bias_add(tf.nn.conv2d(h, D[2], 2, "SAME"), D[3]), 0.2)
    h = tf.nn.leaky_relu(tf.reshape(h, [BATCH, 6272]) @ D[4] + D[5], 0.2)
    return tf.nn.dropout(h, 0.5) @ D[6] + D[7]


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


ADAM_G, ADAM_D = Adam(G_ALL), Adam(D)
cross_entropy = lambda logits, target: tf.reduce_mean(  # noqa: E731
    tf.nn.sigmoid_cross_entropy_with_logits(tf.fill(tf.shape(logits), target), logits)
)
latents = lambda: tf.random.uniform([BATCH, 100], -1, 1)  # noqa: E731


@tf.function
def step(images):
    fakes = generate(latents(), False)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(D)
        d_loss = cross_entropy(judge(images), 1.0) + cross_entropy(judge(fakes), 0.0)
    ADAM_D.apply(tape.gradient(d_loss, D))
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(G_ALL)
        g_loss = cross_entropy(judge(generate(latents(), True)), 1.0)
    ADAM_G.apply(tape.gradient(g_loss, G_ALL))
    return tf.stack([d_loss, g_loss])


images = tf.random.uniform([BATCH, 28, 28, 1], -1, 1).numpy()
for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter()
        step(tf.constant(images)).numpy()
        times.append(1000 * (time.perf_counter() - start))
    print(json.dumps(times), flush=True)
