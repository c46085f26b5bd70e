// The rules of the desktop window where no Electron can run: a recorder stands in for its module, and what the app
// asks of Electron is compared. That Electron keeps them is tested in test/electron.

import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CHANNEL, type Frame } from '../../../src/shared/messages.ts';
import { openSaddle, type Saddle } from './saddle.ts';

const recorded = vi.hoisted(() => ({
  schemes: [] as unknown[],
  opened: [] as string[],
  windows: [] as unknown[],
  ipc: null as unknown as EventEmitter,
}));

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class WebContents extends Emitter {
    readonly mainFrame = { url: 'saddle://app/' };
    readonly sent: unknown[] = [];
    readonly rules: Record<string, unknown> = {};
    readonly session = {
      protocol: {
        isProtocolHandled: () => false,
        handle: (scheme: string, answer: unknown) => (this.rules[scheme] = answer),
      },
      setPermissionRequestHandler: (rule: unknown) => (this.rules['request'] = rule),
      setPermissionCheckHandler: (rule: unknown) => (this.rules['check'] = rule),
      setDevicePermissionHandler: (rule: unknown) => (this.rules['device'] = rule),
    };
    setWindowOpenHandler(rule: unknown) {
      this.rules['open'] = rule;
    }
    send(channel: string, frame: unknown) {
      this.sent.push([channel, frame]);
    }
    isDestroyed() {
      return false;
    }
  }
  recorded.ipc = new Emitter();
  return {
    ipcMain: recorded.ipc,
    shell: { openExternal: (url: string) => recorded.opened.push(url) },
    protocol: { registerSchemesAsPrivileged: (schemes: unknown) => recorded.schemes.push(schemes) },
    BrowserWindow: class extends Emitter {
      readonly webContents = new WebContents();
      readonly options: unknown;
      url = '';
      constructor(options: unknown) {
        super();
        this.options = options;
        recorded.windows.push(this);
      }
      async loadURL(url: string) {
        this.url = url;
      }
    },
  };
});

interface Recorded {
  readonly options: { readonly webPreferences: Record<string, unknown> };
  readonly url: string;
  readonly webContents: EventEmitter & {
    readonly mainFrame: { readonly url: string };
    readonly sent: [string, Frame][];
    readonly rules: Record<string, (...args: unknown[]) => unknown>;
  };
}

let saddle: Saddle;
let window: Recorded;

beforeEach(async () => {
  saddle = openSaddle();
  const { openWindow } = await import('../../../src/main/hosts/electron/window.ts');
  const report = (problem: unknown) => void saddle.problems.push(problem);
  const opened = await openWindow({ ...saddle, report, rendererFolder: saddle.folder, preload: '/app/bridge.cjs' });
  window = opened as unknown as Recorded;
});
afterEach(async () => {
  window.webContents.emit('destroyed');
  await saddle.end();
});

const call = (senderFrame: unknown, sender: unknown = window.webContents) =>
  recorded.ipc.emit(CHANNEL, { sender, senderFrame }, { id: 5, call: 'listRuns', args: {} });
const replies = () => window.webContents.sent.map(([, frame]) => frame);

it('the window is sandboxed, isolated, without Node, and loads only its own origin', () => {
  expect(window.options.webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  });
  expect(window.url).toBe('saddle://app/');
});

it('its scheme is registered as a secure origin of its own', async () => {
  const { registerScheme } = await import('../../../src/main/hosts/electron/window.ts');
  registerScheme();
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true };
  expect(recorded.schemes).toEqual([[{ scheme: 'saddle', privileges }]]);
});

it('every permission is denied', () => {
  const granted: unknown[] = [];
  window.webContents.rules['request']!(null, 'media', (grant: unknown) => granted.push(grant));
  expect([granted, window.webContents.rules['check']!(), window.webContents.rules['device']!()]).toEqual([
    [false],
    false,
    false,
  ]);
});

it.each(['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview'])('%s is prevented', (name) => {
  const preventDefault = vi.fn();
  window.webContents.emit(name, { preventDefault, url: 'https://evil.example/', isMainFrame: false });
  expect(preventDefault).toHaveBeenCalledOnce();
});

it('no window opens; links to papers go to the browser, others nowhere', () => {
  const open = window.webContents.rules['open']!;
  for (const url of [
    'https://arxiv.org/abs/1511.06434',
    'https://evil.example/',
    'file:///etc/passwd',
    'http://arxiv.org/',
  ]) {
    expect(open({ url })).toEqual({ action: 'deny' });
  }
  expect(recorded.opened).toEqual(['https://arxiv.org/abs/1511.06434']);
});

it('calls are answered for the main frame of our origin', async () => {
  call(window.webContents.mainFrame);
  await expect.poll(replies).toEqual([{ id: 5, result: [] }]);
});

it.each([
  ['another frame', { url: 'saddle://app/' }],
  ['another origin', { url: 'https://evil.example/' }],
  ['a frame that is gone', null],
])('calls of %s are refused and logged', async (_who, frame) => {
  call(frame);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([replies(), String(saddle.problems)]).toEqual([[], expect.stringMatching(/call from .* refused/)]);
});

it('the main frame is refused too once it shows another origin', async () => {
  Object.assign(window.webContents.mainFrame, { url: 'data:text/html,x' });
  call(window.webContents.mainFrame);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(replies()).toEqual([]);
});

it('calls of another window are not ours to answer, and none after the window is gone', async () => {
  call(window.webContents.mainFrame, new EventEmitter());
  window.webContents.emit('destroyed');
  call(window.webContents.mainFrame);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(replies()).toEqual([]);
});
