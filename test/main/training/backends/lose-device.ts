// Loaded into a training process before it starts (`--import`): its graphics device goes away, once, when the run has a
// checkpoint. LOSE_DEVICE_ONCE is a file that is there when it did.

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { globals } from 'webgpu';

const done = process.env['LOSE_DEVICE_ONCE']!;
const checkpoints = join(process.argv[3]!, 'checkpoints');
const hasCheckpoint = () =>
  existsSync(checkpoints) && readdirSync(checkpoints).some((name) => name.endsWith('.safetensors'));

const { GPUAdapter } = globals as { GPUAdapter: { prototype: GPUAdapter } };
const request = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...given) {
  const device = await request.apply(this, given);
  const submit = device.queue.submit.bind(device.queue);
  device.queue.submit = (buffers) => {
    submit(buffers);
    if (existsSync(done) || !hasCheckpoint()) return;
    writeFileSync(done, '');
    device.destroy();
  };
  return device;
};
