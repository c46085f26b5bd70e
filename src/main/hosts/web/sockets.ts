// Calls and events over WebSocket: text frames as src/shared/frames.ts writes them. A client that is gone or does not
// read is dropped, one that asks too much at once is read more slowly; neither costs the others anything.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { AnyEvent, Services } from '../../../shared/contract.ts';
import { decodeFrame, encodeFrame } from '../../../shared/frames.ts';
import { answer, type Frame } from '../../../shared/messages.ts';
import { openEventStream } from '../event-stream.ts';

export interface SocketLimits {
  /** Largest frame from a window; arguments are small. */
  readonly maxFrameBytes: number;
  /** A window with more than this unread is dropped. */
  readonly maxUnreadBytes: number;
  /** Calls of one window answered at a time; the rest wait in its socket. */
  readonly maxCallsAtOnce: number;
  readonly pingMs: number;
}

export const socketLimits: SocketLimits = {
  maxFrameBytes: 256 * 1024,
  maxUnreadBytes: 64 * 1024 * 1024,
  maxCallsAtOnce: 64,
  pingMs: 15_000,
};

/** Events wait, merged, while a window has more than this unread. */
const BEHIND_BYTES = 1024 * 1024;

export interface Sockets {
  /** The request has passed the guard. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  count(): number;
  close(): void;
}

export interface SocketWiring {
  readonly services: Services;
  subscribe(listener: (event: AnyEvent) => void): () => void;
  report(problem: unknown): void;
}

export function openSockets(wiring: SocketWiring, limits: SocketLimits = socketLimits): Sockets {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.maxFrameBytes,
    perMessageDeflate: false,
  });
  const heard = new WeakSet<WebSocket>();
  server.on('connection', (socket: WebSocket) => {
    heard.add(socket);
    socket.on('pong', () => heard.add(socket));
    serveSocket(socket, wiring, limits);
  });
  const pinging = setInterval(() => {
    for (const socket of server.clients) {
      if (!heard.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, limits.pingMs);

  return {
    accept: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (opened) => server.emit('connection', opened, request)),
    count: () => server.clients.size,
    close() {
      clearInterval(pinging);
      for (const socket of server.clients) socket.close(1001, 'Saddle is closing');
      // Those that do not answer the goodbye.
      setTimeout(() => server.clients.forEach((socket) => socket.terminate()), 500).unref();
      server.close();
    },
  };
}

function serveSocket(socket: WebSocket, wiring: SocketWiring, limits: SocketLimits): void {
  const send = (frame: Frame) => {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(encodeFrame(frame));
    if (socket.bufferedAmount > limits.maxUnreadBytes) {
      wiring.report(new Error(`window dropped: ${socket.bufferedAmount} bytes unread`));
      socket.terminate();
    }
  };
  const stream = openEventStream(send, () => socket.bufferedAmount < BEHIND_BYTES);
  const unsubscribe = wiring.subscribe((event) => stream.push(event));
  let answering = 0;
  socket.on('message', (data, isBinary) => {
    answering += 1;
    if (answering >= limits.maxCallsAtOnce) socket.pause();
    void answer(wiring.services, isBinary ? undefined : readFrame(data), wiring.report).then((reply) => {
      answering -= 1;
      if (socket.isPaused) socket.resume();
      send(reply);
    });
  });
  socket.on('error', (problem) => wiring.report(problem));
  socket.on('close', () => {
    unsubscribe();
    stream.close();
  });
}

/** What is not a frame becomes undefined, which `answer` refuses like any other bad request. */
function readFrame(data: RawData): unknown {
  try {
    return decodeFrame(data.toString());
  } catch {
    return undefined;
  }
}
