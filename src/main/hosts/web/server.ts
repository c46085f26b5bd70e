// The window in a browser: the built renderer, big bytes by key, calls and events over one WebSocket. Loopback unless
// told otherwise; without the token from the printed address nothing is served.

import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Readable } from 'node:stream';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../../../shared/contract.ts';
import type { ReadResource } from '../../services/resource.ts';
import { attachment, commonHeaders, contentSecurityPolicy, findAppFile, IMMUTABLE } from '../app-files.ts';
import { createGuard, type Guard } from './guard.ts';
import { openSockets, socketLimits, type SocketLimits, type SocketWiring } from './sockets.ts';

export interface WebHostOptions extends SocketWiring {
  readResource: ReadResource;
  readonly rendererFolder: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  readonly limits?: SocketLimits;
  /** Windows stay let in as long as it is the same; default: one that dies with this host. */
  readonly sessionKey?: Buffer;
}

export interface WebHost {
  /** With the token; valid while this host lives. */
  readonly url: string;
  readonly port: number;
  /** Open windows. */
  windows(): number;
  close(): Promise<void>;
}

const MAX_URL = 4096;

/** Rejects with UserError when the address cannot be had. */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const host = options.host ?? '127.0.0.1';
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 5_000,
  });
  server.maxConnections = 256;
  await listen(server, host, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const guard = createGuard(host, port, options.sessionKey);
  const sockets = openSockets(options, options.limits ?? socketLimits);

  server.on('request', (request, response) => {
    respond(request, response, guard, options).catch((problem: unknown) => fail(response, problem, options.report));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy()); // A peer that goes away during the handshake is no news.
    const refusal = refuseSocket(request, guard);
    if (refusal) socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    else sockets.accept(request, socket, head);
  });

  return {
    url: `http://${printable(host)}:${port}/?token=${guard.token}`,
    port,
    windows: sockets.count,
    async close() {
      sockets.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      setTimeout(() => server.closeAllConnections(), 1000).unref();
      await closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (problem: NodeJS.ErrnoException) => {
      const why =
        problem.code === 'EADDRINUSE' ? 'another program uses it: choose another with --port' : problem.message;
      reject(new UserError(`cannot listen on ${printable(host)}:${port}: ${why}`, { cause: problem }));
    });
    server.listen(port, host, resolve);
  });
}

/** The address as a person can open it: for a host on all addresses, the one that other machines reach it by. */
function printable(host: string): string {
  if (host === '0.0.0.0' || host === '::') {
    const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
    return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
  }
  return host.includes(':') ? `[${host}]` : host;
}

function refuseSocket(request: IncomingMessage, guard: Guard): string | null {
  if (!guard.knowsHost(request) || !guard.sameOrigin(request)) return '403 Forbidden';
  if (!guard.hasCookie(request)) return '401 Unauthorized';
  return request.url === '/calls' ? null : '404 Not Found';
}

async function respond(request: IncomingMessage, response: ServerResponse, guard: Guard, options: WebHostOptions) {
  for (const [name, value] of Object.entries(commonHeaders)) response.setHeader(name, value);
  // Only a Host header that the guard knows is echoed into the policy.
  const known = guard.knowsHost(request);
  response.setHeader('Content-Security-Policy', contentSecurityPolicy(known ? `ws://${request.headers.host}` : ''));
  if (!known) return say(response, 403, "This address is not one of Saddle's. Open the address that it printed.");
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return say(response, guard.sameOrigin(request) ? 405 : 403, 'Only GET and HEAD are answered here.');
  }
  if (request.url === undefined || request.url.length > MAX_URL) return say(response, 414, 'The address is too long.');
  const url = URL.parse(request.url, 'http://saddle');
  if (!url) return say(response, 400, 'This is not an address.');
  const token = url.searchParams.get('token');
  if (url.pathname === '/' && token !== null && guard.isToken(token)) return enter(response, guard);
  if (!guard.hasCookie(request)) return refuseVisitor(request, response, url.pathname);
  if (url.pathname.startsWith('/data/')) return sendResource(request, response, url, options);
  return sendAppFile(request, response, url.pathname, options.rendererFolder);
}

/** The token becomes a cookie, and leaves the address bar and the history. */
function enter(response: ServerResponse, guard: Guard): void {
  response.setHeader('Set-Cookie', guard.cookie());
  response.setHeader('Location', '/');
  response.setHeader('Cache-Control', 'no-store');
  response.writeHead(303).end();
}

function refuseVisitor(request: IncomingMessage, response: ServerResponse, pathname: string): void {
  // Behind a link on another page the strict cookie is held back on the redirect too; a second look from our own
  // page brings it. That one is same-origin, so this cannot go round in circles.
  if (pathname === '/' && request.headers['sec-fetch-site'] === 'cross-site') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.writeHead(401).end('<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>Saddle</title>');
    return;
  }
  say(response, 401, 'Open the address that Saddle printed when it started: the one that ends in ?token=...');
}

async function sendAppFile(request: IncomingMessage, response: ServerResponse, pathname: string, folder: string) {
  const file = await findAppFile(folder, pathname);
  if (!file && pathname === '/') {
    return say(response, 503, 'The window is not built. Run: npm run build');
  }
  if (!file) return say(response, 404, 'There is no such page.');
  response.setHeader('Content-Type', file.type);
  response.setHeader('Content-Length', file.bytes);
  response.setHeader('Cache-Control', file.immutable ? IMMUTABLE : 'no-cache');
  response.writeHead(200);
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file.path), response);
}

async function sendResource(request: IncomingMessage, response: ServerResponse, url: URL, options: WebHostOptions) {
  const resource = await options.readResource(url.pathname, url.searchParams);
  if (!resource) return say(response, 404, 'There is no such thing here.');
  response.setHeader('Content-Type', resource.type);
  response.setHeader('Cache-Control', resource.immutable ? IMMUTABLE : 'no-store');
  if (resource.fileName) response.setHeader('Content-Disposition', attachment(resource.fileName));
  const { body } = resource;
  if (body instanceof Uint8Array) response.setHeader('Content-Length', body.byteLength);
  response.writeHead(200);
  if (request.method === 'HEAD') response.end();
  else if (body instanceof Uint8Array) response.end(body);
  else await pipeline(Readable.from(body), response);
}

function say(response: ServerResponse, status: number, text: string): void {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.writeHead(status).end(`${text}\n`);
}

function fail(response: ServerResponse, problem: unknown, report: (problem: unknown) => void): void {
  if ((problem as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE') return; // The browser cancelled.
  const forPeople = problem instanceof UserError;
  if (!forPeople) report(problem);
  // Once bytes are out only a cut connection says that the file is not whole.
  if (response.headersSent) response.destroy();
  else say(response, forPeople ? 422 : 500, forPeople ? problem.message : 'Saddle failed here; its log says why.');
}
