// The graphics devices that WebGPU sees here, and the choice among them: the system's fastest, or the one that
// SADDLE_WEBGPU_DEVICE names. A software driver computes on the processor, slower than wasm: it is only taken by name.

import { UserError } from '../../../shared/contract.ts';

/** Of the `webgpu` package: makes a WebGPU of its own with Dawn's options. */
export type CreateGpu = (options: string[]) => GPU;

export interface Adapter {
  /** As its driver calls it; two equal cards cannot be told apart. */
  readonly name: string;
  /** `vulkan`, `metal`, `d3d12`, `d3d11`. */
  readonly backendType: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  readonly isSoftware: boolean;
}

export interface ChosenAdapter {
  /** Keeps Dawn alive: to be held as long as the device. */
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
}

const SOFTWARE = 'software';

/** Every adapter of every graphics system, in Dawn's order; the same card may stand there once for each system. */
export async function listAdapters(create: CreateGpu): Promise<Adapter[]> {
  const found: Adapter[] = [];
  for (const { name, backendType } of await listNames(create)) {
    const adapter = await create([`backend=${backendType}`, `adapter=${name}`]).requestAdapter();
    if (!adapter) continue;
    const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
    found.push({ name, backendType, vendor, architecture, description, isSoftware: isFallbackAdapter });
  }
  return found;
}

/** Dawn lists its adapters in one place only: in what it says when asked for one that is not there. */
async function listNames(create: CreateGpu): Promise<{ name: string; backendType: string }[]> {
  try {
    await create(['adapter=none of them, list all']).requestAdapter();
    return [];
  } catch (problem) {
    const rows = String(problem).matchAll(/^ \* backend: '([^']+)', name: '(.+)'$/gm);
    return Array.from(rows, ([, backendType, name]) => ({ backendType: backendType!, name: name! }));
  }
}

/** `wanted` is a part of a device's name, maker or description, or `software`. Throws UserError: what is there, and what to do. */
export async function chooseAdapter(create: CreateGpu, wanted: string | undefined): Promise<ChosenAdapter> {
  if (wanted) return chooseByName(create, wanted);
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new UserError(`WebGPU finds no graphics device. ${whatIsNeeded()}`);
  if (!adapter.info.isFallbackAdapter) return { gpu, adapter };
  const { description, architecture } = adapter.info;
  throw new UserError(
    `WebGPU finds no graphics device, only ${description || architecture}, which computes on the processor, slower than ` +
      `WebAssembly. ${whatIsNeeded()} To use it all the same: SADDLE_WEBGPU_DEVICE=${SOFTWARE}`,
  );
}

async function chooseByName(create: CreateGpu, wanted: string): Promise<ChosenAdapter> {
  const adapters = await listAdapters(create);
  const part = wanted.toLowerCase();
  const found = adapters.find(({ name, vendor, description, isSoftware }) =>
    part === SOFTWARE ? isSoftware : [name, vendor, description].some((text) => text.toLowerCase().includes(part)),
  );
  if (!found) {
    const there = adapters.map(({ name, backendType }) => `${name} (${backendType})`).join(', ') || 'none';
    throw new UserError(`SADDLE_WEBGPU_DEVICE: no graphics device is called "${wanted}"; there is: ${there}`);
  }
  const gpu = create([`backend=${found.backendType}`, `adapter=${found.name}`]);
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new UserError(`WebGPU does not open ${found.name}, which it lists. ${whatIsNeeded()}`);
  return { gpu, adapter };
}

function whatIsNeeded(): string {
  if (process.platform === 'linux')
    return "It needs a Vulkan driver and its loader (Debian's packages: libvulkan1, and the card's driver).";
  return 'It needs a graphics card and its driver.';
}
