// The one window of the desktop app: sandboxed, without Node, on its own origin; it may go nowhere else, open nothing,
// and is granted no permission. What it may do is the contract's calls.

import { BrowserWindow, ipcMain, protocol, shell, type Session, type WebContents } from 'electron';
import { CHANNEL } from '../../../shared/messages.ts';
import { serveMessages, type MessageWiring } from './messages.ts';
import { answerScheme, isAppUrl, ORIGIN, SCHEME, type SchemeOptions } from './scheme.ts';

export interface ElectronHostOptions extends MessageWiring, SchemeOptions {
  /** Path of the bundled preload script. */
  readonly preload: string;
}

/** Before the app is ready, once. */
export function registerScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
}

/** After the app is ready. Resolves when the page is loaded. */
export async function openWindow(options: ElectronHostOptions): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 1360,
    height: 900,
    minWidth: 640,
    minHeight: 480,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: '#111418',
    webPreferences: {
      preload: options.preload,
      partition: 'persist:saddle',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  const { webContents } = window;
  if (!webContents.session.protocol.isProtocolHandled(SCHEME)) {
    webContents.session.protocol.handle(SCHEME, (request) => answerScheme(request, options));
  }
  denyPermissions(webContents.session);
  denyNavigation(webContents, options.report);
  serveCalls(webContents, options);
  window.once('ready-to-show', () => window.show());
  await window.loadURL(`${ORIGIN}/`);
  return window;
}

function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, grant) => grant(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}

/** Hosts whose pages the window links to: sources of papers and data sets. */
const outside = new Set(['arxiv.org', 'github.com', 'papers.nips.cc', 'proceedings.neurips.cc']);

function denyNavigation(webContents: WebContents, report: (problem: unknown) => void): void {
  const deny = (event: { preventDefault(): void }, url: string) => {
    event.preventDefault();
    report(new Error(`navigation to ${url} refused`));
  };
  webContents.on('will-navigate', (event) => deny(event, event.url));
  webContents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) deny(event, event.url);
  });
  webContents.on('will-redirect', (event) => deny(event, event.url));
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.setWindowOpenHandler(({ url }) => {
    const parsed = URL.parse(url);
    if (parsed?.protocol === 'https:' && outside.has(parsed.host)) void shell.openExternal(parsed.href);
    return { action: 'deny' };
  });
}

function serveCalls(webContents: WebContents, options: ElectronHostOptions): void {
  const served = serveMessages(options, (frame) => {
    if (!webContents.isDestroyed()) webContents.send(CHANNEL, frame);
  });
  const receive = (event: Electron.IpcMainEvent, frame: unknown) => {
    if (event.sender !== webContents) return;
    if (isAppUrl(event.senderFrame?.url) && event.senderFrame === webContents.mainFrame) served.receive(frame);
    else options.report(new Error(`call from ${event.senderFrame?.url ?? 'a frame that is gone'} refused`));
  };
  ipcMain.on(CHANNEL, receive);
  webContents.once('destroyed', () => {
    ipcMain.off(CHANNEL, receive);
    served.close();
  });
}
