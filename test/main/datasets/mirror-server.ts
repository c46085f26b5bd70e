// A real HTTP server with several files, which behaves badly in the ways that mirrors do.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Behaviour =
  | 'good'
  /** Sends half of what was asked, then cuts the connection. */
  | 'cut'
  /** Sends other bytes of the same length. */
  | 'wrong bytes'
  /** Sends a small piece every few milliseconds. */
  | 'slow'
  | 'gone';

export interface MirrorServer {
  /** Address of its folder, for SADDLE_MNIST_MIRRORS. */
  readonly url: string;
  /** `path range`, one entry a request. */
  readonly requests: string[];
  /** What it does from now on; once for each file when `once`, then it is good. */
  behave(behaviour: Behaviour, once?: boolean): void;
  close(): Promise<void>;
}

export async function startMirror(files: ReadonlyMap<string, Uint8Array>): Promise<MirrorServer> {
  const requests: string[] = [];
  const spent = new Set<string>();
  let plan: { behaviour: Behaviour; once: boolean } = { behaviour: 'good', once: false };
  const server = createServer((request, response) => {
    const name = (request.url ?? '').replace('/digits/', '');
    requests.push(`${name} ${request.headers.range ?? ''}`.trim());
    const file = files.get(name);
    const behaviour = plan.once && spent.has(name) ? 'good' : plan.behaviour;
    spent.add(name);
    if (file === undefined || behaviour === 'gone') response.writeHead(404).end();
    else serve(request, response, behaviour, file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/digits`,
    requests,
    behave(behaviour, once = false) {
      plan = { behaviour, once };
      spent.clear();
      requests.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function serve(request: IncomingMessage, response: ServerResponse, behaviour: Behaviour, file: Uint8Array): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const body = file.subarray(start);
  response.writeHead(start > 0 ? 206 : 200, {
    'content-length': body.length,
    'content-range': `bytes ${start}-${file.length - 1}/${file.length}`,
  });
  if (behaviour === 'wrong bytes') response.end(body.map((byte) => byte ^ 1));
  else if (behaviour === 'slow') void trickle(response, body);
  else if (behaviour === 'good') response.end(body);
  // Some time for the bytes to arrive before the cut.
  else response.write(body.subarray(0, body.length >> 1), () => void setTimeout(() => response.destroy(), 20));
}

async function trickle(response: ServerResponse, body: Uint8Array): Promise<void> {
  const piece = Math.max(1, Math.ceil(body.length / 20));
  for (let at = 0; at < body.length && !response.destroyed; at += piece) {
    response.write(body.subarray(at, at + piece));
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  response.end();
}
