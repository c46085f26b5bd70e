// The window's line over a real socket to a real server that goes away and comes back.

import { afterEach, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import { UserError } from '../../../src/shared/contract.ts';
import { decodeFrame, encodeFrame } from '../../../src/shared/frames.ts';
import type { Request } from '../../../src/shared/messages.ts';
import { pauseBeforeTry, SocketLink } from '../../../src/renderer/bridge/socket.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function serve(port: number, onRequest: (socket: ServerSocket, request: Request) => void) {
  const server = new WebSocketServer({ port, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const sockets = new Set<ServerSocket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('message', (data) => onRequest(socket, decodeFrame(String(data)) as Request));
  });
  const stop = () => {
    for (const socket of sockets) socket.terminate();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  ends.push(() => void stop());
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, sockets, stop };
}

function connect(port: number) {
  const link = new SocketLink(() => new WebSocket(`ws://127.0.0.1:${port}/calls`));
  ends.push(() => link.close());
  const phases: string[] = [];
  link.watch((status) => phases.push(status.phase));
  return { link, phases };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const answerRuns = (socket: ServerSocket, request: Request) => socket.send(encodeFrame({ id: request.id, result: [] }));

test('a call asked before the line is up is answered once it is', async () => {
  const server = await serve(0, answerRuns);
  const { link } = connect(server.port);
  await expect(link.call('listRuns', {})).resolves.toEqual([]);
});

test('events reach their listeners with NaN and columns whole, until they stop listening', async () => {
  const server = await serve(0, answerRuns);
  const { link, phases } = connect(server.port);
  await until(() => phases.includes('up') && server.sockets.size === 1);
  const heard: unknown[] = [];
  const stop = link.listen((event) => heard.push(event));
  const tell = (message: string) => {
    for (const socket of server.sockets) {
      socket.send(encodeFrame({ event: 'runtime', data: { message, fraction: Number.NaN, failed: false } }));
    }
  };
  tell('one');
  await until(() => heard.length === 1);
  stop();
  tell('two');
  await link.call('listRuns', {});
  expect(heard).toEqual([{ event: 'runtime', data: { message: 'one', fraction: Number.NaN, failed: false } }]);
});

test('a lost server ends what waits with a message for people, refuses what is asked, and comes back by itself', async () => {
  const first = await serve(0, () => {});
  const { link, phases } = connect(first.port);
  await until(() => phases.includes('up'));
  const waiting = expect(link.call('listRuns', {})).rejects.toBeInstanceOf(UserError);
  await first.stop();
  await waiting;
  await expect(link.call('listRuns', {})).rejects.toThrow('connection to Saddle is lost');
  await serve(first.port, answerRuns);
  await until(() => phases.filter((phase) => phase === 'up').length === 2);
  await expect(link.call('listRuns', {})).resolves.toEqual([]);
  expect(phases[0]).toBe('connecting');
  expect(phases).toContain('lost');
});

test('the pauses between tries double and stay below five seconds', () => {
  expect([0, 1, 2, 3, 4, 5, 50].map(pauseBeforeTry)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
});
