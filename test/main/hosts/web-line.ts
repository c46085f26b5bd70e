// A browser's end of the web host without a browser: the token's redirect, the cookie, the socket.

import { WebSocket } from 'ws';
import { decodeFrame, encodeFrame } from '../../../src/shared/frames.ts';
import { Caller, type Frame } from '../../../src/shared/messages.ts';
import type { WebHost } from '../../../src/main/hosts/web/server.ts';
import type { Line } from './contract-cases.ts';

/** Follows the printed address as a browser does and returns the cookie. */
export async function enter(host: WebHost): Promise<string> {
  const response = await fetch(host.url, { redirect: 'manual' });
  return response.headers.get('set-cookie')!.split(';')[0]!;
}

export async function openSocket(host: WebHost, headers: Record<string, string> = {}): Promise<WebSocket> {
  const origin = `http://127.0.0.1:${host.port}`;
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/calls`, {
    headers: { Cookie: await enter(host), Origin: origin, ...headers },
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
}

export interface WebLine extends Line {
  readonly socket: WebSocket;
  sendText(text: string | Buffer): Promise<unknown>;
}

export async function openWebLine(host: WebHost): Promise<WebLine> {
  const socket = await openSocket(host);
  const caller = new Caller((request) => socket.send(encodeFrame(request)));
  let orphan = Promise.withResolvers<unknown>();
  socket.on('message', (data) => {
    const frame = decodeFrame(String(data)) as Frame;
    if ('id' in frame && frame.id === -1) orphan.resolve(frame);
    else caller.receive(frame);
  });
  socket.on('close', () => caller.disconnect('closed'));
  const sendText = (text: string | Buffer) => {
    orphan = Promise.withResolvers();
    socket.send(text);
    return orphan.promise;
  };
  return {
    socket,
    call: caller.call,
    listen: (listener) => caller.listen(listener),
    sendRaw: (frame) => sendText(encodeFrame(frame)),
    sendText,
    disconnect: () => new Promise((resolve) => socket.once('close', () => resolve()).terminate()),
  };
}
