// A real HTTP server that behaves badly in the ways that mirrors do: for each request the next behaviour of a list.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Behaviour =
  /** Honours Range and If-Range. */
  | 'good'
  /** Answers 200 with everything, whatever was asked. */
  | 'ignores range'
  /** Sends at most this share of what was asked, then cuts the connection. */
  | { readonly dropAfter: number }
  /** Sends this share, then nothing more. */
  | { readonly stallAfter: number }
  | { readonly status: number }
  | { readonly body: Buffer }
  /** Answers a range with bytes from another place. */
  | 'wrong range'
  /** Compressed and so without the file's length. */
  | 'chunked';

export interface FileServer {
  readonly url: string;
  /** Range header of each request so far, '' for none. */
  readonly ranges: string[];
  /** Behaviours of the requests to come; the last one stays. */
  plan(...behaviours: Behaviour[]): void;
  close(): Promise<void>;
}

export async function startFileServer(content: Buffer, etag = '"one"'): Promise<FileServer> {
  const ranges: string[] = [];
  let plan: Behaviour[] = ['good'];
  const server = createServer((request, response) => {
    const behaviour = plan.length > 1 ? plan.shift()! : plan[0]!;
    ranges.push(request.headers.range ?? '');
    serve(request, response, behaviour, content, etag);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.bin`,
    ranges,
    plan: (...behaviours) => void (plan = behaviours),
    close: () => close(server),
  };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  behaviour: Behaviour,
  content: Buffer,
  etag: string,
): void {
  if (typeof behaviour === 'object' && 'status' in behaviour) return void response.writeHead(behaviour.status).end();
  if (typeof behaviour === 'object' && 'body' in behaviour) return void response.end(behaviour.body);
  if (behaviour === 'chunked') return void response.writeHead(200).end(content);
  const start = startOf(request, behaviour, etag);
  if (start > 0 && start >= content.length) return void response.writeHead(416).end();
  const body = content.subarray(start);
  const headers = { 'content-length': body.length, etag };
  if (start === 0) response.writeHead(200, headers);
  else
    response.writeHead(206, { ...headers, 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` });
  if (typeof behaviour === 'string') return void response.end(body);
  const share = 'dropAfter' in behaviour ? behaviour.dropAfter : behaviour.stallAfter;
  response.write(body.subarray(0, Math.floor(body.length * share)), () => {
    // Some time for the bytes to arrive before the cut.
    if ('dropAfter' in behaviour) setTimeout(() => response.destroy(), 20);
  });
}

function startOf(request: IncomingMessage, behaviour: Behaviour, etag: string): number {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const condition = request.headers['if-range'];
  if (behaviour === 'ignores range' || (condition !== undefined && condition !== etag)) return 0;
  return behaviour === 'wrong range' && start > 0 ? start + 1 : start;
}
