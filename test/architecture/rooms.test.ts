// Proves the table of rooms in docs/architecture.md from the import lines: which room may import which room and which package.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = resolve(import.meta.dirname, '../../src');

/** Every room: its folder or file under src/ (the longest that fits a file is its room), the rooms and packages it may import, and whether Node's own modules are allowed. */
const rooms: Record<string, { rooms: string[]; packages: string[]; node: boolean }> = {
  shared: { rooms: [], packages: ['valibot'], node: false },
  preload: { rooms: ['shared'], packages: ['electron'], node: false },
  renderer: {
    rooms: ['shared'],
    packages: [
      'svelte',
      'svelte/*',
      'chart.js',
      'chart.js/*',
      '@tanstack/virtual-core',
      'mediabunny',
      'jspdf',
      'svg2pdf.js',
    ],
    node: false,
  },
  'main/home.ts': { rooms: [], packages: [], node: true },
  'main/download': { rooms: ['shared'], packages: [], node: true },
  'main/store': { rooms: ['shared'], packages: ['better-sqlite3'], node: true },
  // better-sqlite3 for the catalogue alone: run files are the store's.
  'main/library': { rooms: ['shared', 'main/store'], packages: ['better-sqlite3'], node: true },
  'main/runs': { rooms: ['shared', 'main/store', 'main/library'], packages: [], node: true },
  'main/datasets': { rooms: ['shared', 'main/download'], packages: ['fast-png', 'sharp'], node: true },
  'main/exporters': { rooms: ['shared', 'main/store'], packages: ['fast-png', 'fflate', 'sharp'], node: true },
  'main/importers': { rooms: ['shared', 'main/store'], packages: ['fast-png'], node: true },
  'main/runtime': { rooms: ['shared', 'main/download', 'main/home.ts'], packages: ['yauzl'], node: true },
  'main/training/metrics': { rooms: ['shared', 'main/training/recipes'], packages: [], node: false },
  'main/training/plots': { rooms: ['shared', 'main/training/recipes'], packages: [], node: false },
  'main/training/recipes': {
    rooms: [
      'shared',
      'main/training/networks',
      'main/training/losses.ts',
      'main/training/feeds.ts',
      'main/training/metrics',
      'main/training/plots',
    ],
    packages: ['type @tensorflow/tfjs-core'],
    node: false,
  },
  'main/training/networks': {
    rooms: ['shared', 'main/training/recipes', 'main/training/losses.ts', 'main/training/feeds.ts'],
    packages: ['type @tensorflow/tfjs-core'],
    node: false,
  },
  'main/training/losses.ts': {
    rooms: ['shared', 'main/training/recipes', 'main/training/networks'],
    packages: ['type @tensorflow/tfjs-core'],
    node: false,
  },
  'main/training/feeds.ts': { rooms: ['shared'], packages: ['type @tensorflow/tfjs-core'], node: false },
  'main/training/backends': {
    rooms: ['shared', 'main/runtime', 'main/training', 'main/training/feeds.ts'],
    packages: ['@tensorflow/*', 'webgpu'],
    node: true,
  },
  'main/training': {
    rooms: [
      'shared',
      'main/store',
      'main/datasets',
      'main/training/recipes',
      'main/training/networks',
      'main/training/losses.ts',
      'main/training/feeds.ts',
      'main/training/metrics',
      'main/training/backends',
    ],
    packages: ['@tensorflow/tfjs-core', 'fast-png'],
    node: true,
  },
  'main/services': {
    rooms: [
      'shared',
      'main/store',
      'main/library',
      'main/runs',
      'main/datasets',
      'main/exporters',
      'main/importers',
      'main/runtime',
      'main/training/recipes',
    ],
    packages: ['valibot'],
    node: true,
  },
  'main/hosts': { rooms: ['shared', 'main/services'], packages: [], node: true },
  'main/hosts/web': { rooms: ['shared', 'main/services', 'main/hosts'], packages: ['ws'], node: true },
  'main/hosts/electron': { rooms: ['shared', 'main/services', 'main/hosts'], packages: ['electron'], node: true },
  'main/commands': {
    rooms: [
      'shared',
      'main/services',
      'main/runs',
      'main/library',
      'main/datasets',
      'main/exporters',
      'main/runtime',
      'main/training/recipes',
      'main/store',
      'main/home.ts',
    ],
    packages: ['commander', 'valibot'],
    node: true,
  },
};

/** The entries only wire rooms together: they may import any room of main, and no room may import them. */
const entries = ['main/electron.ts', 'main/web.ts', 'main/cli.ts', 'main/train.ts'];
const entryPackages: Record<string, string[]> = { 'main/electron.ts': ['electron'], 'main/cli.ts': ['commander'] };

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) return filesBelow(path);
    return /\.(ts|svelte)$/.test(entry) ? [path] : [];
  });
}

function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const file = relative(source, path).split(sep).join('/');
  const lines = [...text.matchAll(/\b(import|export)\s+(type\s+)?(?:[\w$*\s{},]+?\s+from\s+)?['"]([^'"]+)['"]/g)].map(
    (match) => ({
      file,
      specifier: match[3] ?? '',
      typeOnly: match[2] !== undefined,
    }),
  );
  const dynamic = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)].map((match) => ({
    file,
    specifier: match[1] ?? '',
    typeOnly: false,
  }));
  return [...lines, ...dynamic];
}

function roomOf(file: string): string | undefined {
  return Object.keys(rooms)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function allows(patterns: readonly string[], { specifier, typeOnly }: Import): boolean {
  return patterns.some((pattern) => {
    const bare = pattern.replace(/^type /, '');
    if (pattern !== bare && !typeOnly) return false;
    if (bare.endsWith('/*')) return specifier.startsWith(bare.slice(0, -1));
    return specifier === bare || specifier.startsWith(`${bare}/`);
  });
}

/** What is wrong with one import line, or null. */
function offence(line: Import): string | null {
  const entry = entries.includes(line.file);
  const room = entry ? undefined : roomOf(line.file);
  if (!entry && room === undefined) return `${line.file}: lies in no room of the table`;
  const rule = room === undefined ? undefined : rooms[room];
  if (line.specifier.startsWith('.')) {
    const target = relative(source, resolve(source, dirname(line.file), line.specifier))
      .split(sep)
      .join('/');
    if (target.startsWith('..')) return null;
    if (entries.includes(target) && !entry) return `${line.file}: imports the entry ${target}`;
    const targetRoom = roomOf(target);
    if (entry) return targetRoom === 'renderer' || targetRoom === 'preload' ? `${line.file}: imports ${target}` : null;
    return targetRoom === room || (targetRoom !== undefined && rule?.rooms.includes(targetRoom))
      ? null
      : `${line.file}: imports ${target}`;
  }
  if (line.specifier.startsWith('node:') || builtinModules.includes(line.specifier)) {
    return entry || rule?.node ? null : `${line.file}: imports ${line.specifier}`;
  }
  const packages = entry ? (entryPackages[line.file] ?? []) : (rule?.packages ?? []);
  return allows(packages, line) ? null : `${line.file}: imports the package ${line.specifier}`;
}

describe('rooms', () => {
  const imports = filesBelow(source).flatMap(importsOf);

  it('sees the import lines', () => {
    expect(imports.length).toBeGreaterThan(50);
  });

  it('import only what the table allows', () => {
    expect(imports.map(offence).filter((problem) => problem !== null)).toEqual([]);
  });

  it('would catch a store that imports electron, a recipe that imports a file system and a window that imports main', () => {
    const forbidden: Import[] = [
      { file: 'main/store/writer.ts', specifier: 'electron', typeOnly: false },
      { file: 'main/training/recipes/dcgan28.ts', specifier: 'node:fs', typeOnly: false },
      { file: 'main/training/recipes/dcgan28.ts', specifier: '@tensorflow/tfjs-core', typeOnly: false },
      { file: 'renderer/main.ts', specifier: '../main/home.ts', typeOnly: true },
      { file: 'main/hosts/web/host.ts', specifier: '../electron/window.ts', typeOnly: false },
      { file: 'main/training/loop.ts', specifier: '../runs/supervisor.ts', typeOnly: false },
    ];
    expect(forbidden.map(offence)).not.toContain(null);
  });

  it('all exist', () => {
    const missing = Object.keys(rooms).filter(
      (room) => !filesBelow(source).some((path) => roomOf(relative(source, path).split(sep).join('/')) === room),
    );
    expect(missing.filter((room) => room !== 'main/importers')).toEqual([]);
  });
});
