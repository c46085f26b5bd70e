// The pinned wheels of TensorFlow for NVIDIA cards: as pip resolves tensorflow[and-cuda] of this version. They are fetched
// on demand only, 3.4 GB; nothing of them comes with Saddle.

import type { WheelFile, WheelRelease } from './releases.ts';

const target = (platform: string): readonly string[] => [
  ...['--python-version', '3.11', '--platform', platform],
  ...['--implementation', 'cp', '--abi', 'cp311'],
];

export const cudaWheel: WheelRelease = {
  kind: 'wheel',
  pack: 'tensorflow-cuda-2.21.0-linux-x64',
  tensorflow: '2.21.0',
  libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  requirement: 'tensorflow==2.21.0',
  file: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
  sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
  bytes: 572_440_367,
  target: target('manylinux_2_27_x86_64'),
};

/** Where a wheel's folder goes in the pack; what is in no such folder stays in the wheel. */
export interface LibraryWheel extends WheelFile {
  readonly folders: Readonly<Record<string, string>>;
}

const library = (part: string): Readonly<Record<string, string>> => ({ [`nvidia/${part}/lib/`]: 'lib/' });

function nvidia(
  name: string,
  version: string,
  platforms: string,
  check: Pick<WheelFile, 'sha256' | 'bytes'>,
  folders: Readonly<Record<string, string>>,
): LibraryWheel {
  return {
    requirement: `nvidia-${name}-cu12==${version}`,
    file: `nvidia_${name.replaceAll('-', '_')}_cu12-${version}-py3-none-${platforms}.whl`,
    ...check,
    target: target(platforms.split('.')[0]!),
    folders,
  };
}

const NEW = 'manylinux_2_27_x86_64';
const OLD = 'manylinux2014_x86_64.manylinux_2_17_x86_64';
const OLDEST = 'manylinux2010_x86_64.manylinux_2_12_x86_64';

// prettier-ignore
export const cudaLibraries: readonly LibraryWheel[] = [
  nvidia('cuda-runtime', '12.9.79', OLD,
    { sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3', bytes: 3_493_179 }, library('cuda_runtime')),
  nvidia('cuda-cupti', '12.8.90', OLD,
    { sha256: 'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182', bytes: 10_248_621 }, library('cuda_cupti')),
  nvidia('cuda-nvcc', '12.9.86', OLDEST,
    { sha256: '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0', bytes: 40_546_229 },
    { 'nvidia/cuda_nvcc/bin/': 'cuda/bin/', 'nvidia/cuda_nvcc/nvvm/libdevice/': 'cuda/nvvm/libdevice/' }),
  nvidia('cuda-nvrtc', '12.9.86', OLDEST,
    { sha256: '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4', bytes: 89_568_129 }, library('cuda_nvrtc')),
  nvidia('nvjitlink', '12.9.86', OLDEST,
    { sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9', bytes: 39_748_338 }, library('nvjitlink')),
  nvidia('curand', '10.3.10.19', NEW,
    { sha256: '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e', bytes: 68_295_626 }, library('curand')),
  nvidia('cufft', '11.4.1.4', OLD,
    { sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28', bytes: 200_877_592 }, library('cufft')),
  nvidia('cusolver', '11.7.5.82', NEW,
    { sha256: '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88', bytes: 338_117_415 }, library('cusolver')),
  nvidia('nccl', '2.32.3', NEW,
    { sha256: 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c', bytes: 351_526_311 }, library('nccl')),
  nvidia('cusparse', '12.5.10.65', OLD,
    { sha256: '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78', bytes: 366_465_088 }, library('cusparse')),
  nvidia('cublas', '12.9.3.13', NEW,
    { sha256: 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72', bytes: 581_217_458 }, library('cublas')),
  nvidia('cudnn', '9.28.0.42', NEW,
    { sha256: '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375', bytes: 716_538_495 }, library('cudnn')),
];

/** Of all wheels together. */
export const CUDA_DOWNLOAD_BYTES = [cudaWheel, ...cudaLibraries].reduce((sum, { bytes }) => sum + bytes, 0);
