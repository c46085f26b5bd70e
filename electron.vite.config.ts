// The production build: the entries of main (chunks beside them, so that every entry finds its neighbours; `web.ts` is
// a part of the command line there), the preload script (one CommonJS file, as the sandbox wants it) and the window,
// served by both hosts.

import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

const source = (path: string) => resolve(import.meta.dirname, 'src', path);

export default defineConfig({
  main: {
    build: {
      target: 'node24',
      rollupOptions: {
        input: {
          electron: source('main/electron.ts'),
          cli: source('main/cli.ts'),
          train: source('main/train.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rollupOptions: {
        input: { bridge: source('preload/bridge.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: source('renderer'),
    plugins: [svelte()],
    resolve: {
      alias: [{ find: /^(html2canvas|dompurify|canvg)$/, replacement: source('renderer/charts/absent-package.ts') }],
    },
    // Module workers, as the window's policy has scripts come from files alone.
    worker: { format: 'es' },
    build: {
      outDir: resolve(import.meta.dirname, 'out/renderer'),
      rollupOptions: { input: source('renderer/index.html') },
    },
  },
});
