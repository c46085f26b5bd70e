// The pinned releases that a runtime pack is made from. A new TensorFlow is a new row here and nothing else.

/** The release of TensorFlow.js's own native package: its addon's sources and its kernels in JavaScript. */
export const bindingPackage = {
  spec: '@tensorflow/tfjs-node-gpu@4.22.0',
  integrity: 'sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==',
} as const;

export interface TensorFlowRelease {
  /** Folder of the pack below `runtimes`. */
  readonly pack: string;
  readonly tensorflow: string;
  /** File names below the pack's `lib`, in the order the linker takes them. */
  readonly libraries: readonly string[];
  readonly sha256: string;
}

/** One of Python's wheels, found by pip so that the user's own index, mirror, proxy and credentials count. */
export interface WheelFile {
  readonly requirement: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  /** What pip must be told so that any Python on any machine chooses this very file. */
  readonly target: readonly string[];
}

export interface WheelRelease extends TensorFlowRelease, WheelFile {
  readonly kind: 'wheel';
}

/** TensorFlow's own archive of the C library: the second choice, for machines without pip. Fetching and unpacking are tested with a small one; this very archive was never run. */
export interface ArchiveRelease extends TensorFlowRelease {
  readonly kind: 'archive';
  readonly url: string;
  readonly file: string;
}

export const wheel: WheelRelease = {
  kind: 'wheel',
  pack: 'tensorflow-cpu-2.21.0-linux-x64',
  tensorflow: '2.21.0',
  libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  requirement: 'tensorflow-cpu==2.21.0',
  file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
  sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  bytes: 273_829_956,
  target: [
    ...['--python-version', '3.11', '--platform', 'manylinux_2_27_x86_64'],
    ...['--implementation', 'cp', '--abi', 'cp311'],
  ],
};

export const archive: ArchiveRelease = {
  kind: 'archive',
  pack: 'libtensorflow-cpu-2.16.1-linux-x64',
  tensorflow: '2.16.1',
  libraries: ['libtensorflow.so.2', 'libtensorflow_framework.so.2'],
  url: 'https://storage.googleapis.com/tensorflow/versions/2.16.1/libtensorflow-cpu-linux-x86_64.tar.gz',
  file: 'libtensorflow-cpu-linux-x86_64-2.16.1.tar.gz',
  sha256: 'd72c7e773ed64fb0e6d728f4bcf1f26f3e5c4420e9cbe42c78e29e45b622fac6',
};

/** For macOS, Windows and Linux on ARM: the package as its authors ship it, with its own TensorFlow. */
export const officialPackage = {
  spec: '@tensorflow/tfjs-node@4.22.0',
  pack: `tfjs-node-4.22.0-${process.platform}-${process.arch}`,
} as const;

/** True where a pack is built by us; elsewhere the official package is installed. */
export function isBuiltHere(platform: NodeJS.Platform = process.platform, arch: string = process.arch): boolean {
  return platform === 'linux' && arch === 'x64';
}
