// The window's own files and the policy they are served under, for every host: a path of the window's address becomes
// a file inside the built renderer's folder or nothing at all.

import { stat } from 'node:fs/promises';
import { extname, isAbsolute, join, relative } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

export interface AppFile {
  readonly path: string;
  readonly type: string;
  readonly bytes: number;
  /** True when the name holds a hash of the content. */
  readonly immutable: boolean;
}

/** The file that `pathname` (as in a URL, percent-encoded) names under `folder`; null when there is none or it lies elsewhere. */
export async function findAppFile(folder: string, pathname: string): Promise<AppFile | null> {
  const name = decodePath(pathname);
  if (name === null) return null;
  const path = join(folder, name === '/' ? 'index.html' : name);
  const inside = relative(folder, path);
  if (inside.startsWith('..') || isAbsolute(inside)) return null;
  const type = types[extname(path)];
  if (!type) return null;
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return null;
  return { path, type, bytes: found.size, immutable: inside.startsWith('assets') };
}

function decodePath(pathname: string): string | null {
  try {
    const name = decodeURIComponent(pathname);
    return /[\0\\]/.test(name) || name.split('/').includes('..') ? null : name;
  } catch {
    return null; // Not percent-encoding: names no file.
  }
}

/** `sockets` names the WebSocket origin where a host has one; `'self'` does not cover it in every browser. */
export function contentSecurityPolicy(sockets = ''): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${sockets}`.trim(),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Sent with every answer of every host. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=()',
};

export const IMMUTABLE = 'private, max-age=31536000, immutable';

/** Header that makes a browser save the answer under this name, whatever characters it holds (RFC 6266). */
export function attachment(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\]/g, '_');
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
