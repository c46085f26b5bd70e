import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../../../src/main/training/checkpoint.ts';

const folder = mkdtempSync(join(tmpdir(), 'saddle-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const content = {
  weights: [
    { name: 'generator/dense1/kernel', shape: [2, 1], values: Float32Array.of(1.5, -0) },
    { name: 'generator/dense1/bias', shape: [1], values: Float32Array.of(NaN) },
  ],
  others: [
    { name: 'optimizer/generator/dense1/kernel/m', shape: [2, 1], values: Float32Array.of(7, 8) },
    { name: 'data/order', shape: [2], values: Uint32Array.of(4_294_967_295, 1) },
  ],
  metadata: { recipe: 'dcgan28', step: '12', parameters: '{"ä":1}' },
};

describe('a checkpoint', () => {
  it('is a safetensors file: length, JSON header, little-endian float32', async () => {
    const file = join(folder, 'checkpoints', 'layout.safetensors');
    const { bytes } = await writeCheckpoint(file, content);
    const data = readFileSync(file);
    expect(data.length).toBe(bytes);
    const length = Number(data.readBigUInt64LE(0));
    expect((8 + length) % 8).toBe(0);
    const header = JSON.parse(data.subarray(8, 8 + length).toString('utf8'));
    expect(header.__metadata__).toMatchObject({ recipe: 'dcgan28', step: '12' });
    expect(header['generator/dense1/bias']).toEqual({ dtype: 'F32', shape: [1], data_offsets: [8, 12] });
    expect(data.readFloatLE(8 + length)).toBe(1.5);
    expect(data.readFloatLE(8 + length + 12)).toBe(7);
    expect(readdirSync(join(folder, 'checkpoints'))).toEqual(['layout.safetensors']);
  });

  it('comes back bit for bit, and its hash covers the weights alone', async () => {
    const file = join(folder, 'whole.safetensors');
    const { sha256 } = await writeCheckpoint(file, content);
    const bytes = Buffer.concat(content.weights.map(({ values }) => Buffer.from(values.buffer)));
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    const read = await readCheckpoint(file);
    expect(read.weights).toEqual(content.weights);
    expect(read.others).toEqual(content.others);
    expect(read.metadata).toMatchObject(content.metadata);
    const other = await writeCheckpoint(join(folder, 'other.safetensors'), { ...content, others: [] });
    expect(other.sha256).toBe(sha256);
  });

  it('that is cut short or changed is refused by name', async () => {
    const file = join(folder, 'broken.safetensors');
    const { bytes } = await writeCheckpoint(file, content);
    const whole = readFileSync(file);
    truncateSync(file, bytes - 12);
    await expect(readCheckpoint(file)).rejects.toThrow(
      `${file}: expected a checkpoint of Saddle, found a file that ends inside optimizer/generator/dense1/kernel/m`,
    );
    truncateSync(file, 5);
    await expect(readCheckpoint(file)).rejects.toThrow('found a file that ends too early');
    const data = bytes - 28;
    whole[data]! ^= 1;
    writeFileSync(file, whole);
    await expect(readCheckpoint(file)).rejects.toThrow('found weights that do not match their hash');
    whole[data]! ^= 1;
    whole[bytes - 1]! ^= 1;
    writeFileSync(file, whole);
    await expect(readCheckpoint(file)).rejects.toThrow('found training state that does not match its hash');
    await expect(readCheckpoint(join(folder, 'nowhere'))).rejects.toThrow('found no file');
  });

  it('that cannot be written leaves nothing behind', async () => {
    const file = join(folder, 'taken', 'step.safetensors');
    // A folder in its place: the rename fails.
    mkdirSync(join(file, 'inside'), { recursive: true });
    await expect(writeCheckpoint(file, content)).rejects.toThrow();
    expect(readdirSync(join(folder, 'taken'))).toEqual(['step.safetensors']);
  });
});
