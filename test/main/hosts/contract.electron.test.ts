// Electron's ipc clones frames as a MessageChannel does; the code on both sides of it is the one the app uses.

import { MessageChannel } from 'node:worker_threads';
import { serveMessages } from '../../../src/main/hosts/electron/messages.ts';
import { Caller, type Frame } from '../../../src/shared/messages.ts';
import { describeContract, type Line } from './contract-cases.ts';

describeContract("Electron's messages", async (saddle, services) => {
  const open: (() => void)[] = [];
  const openLine = async (): Promise<Line> => {
    const { port1: host, port2: window } = new MessageChannel();
    const report = (problem: unknown) => saddle.problems.push(problem);
    const served = serveMessages({ services, subscribe: saddle.subscribe, report }, (frame) => host.postMessage(frame));
    host.on('message', (frame: unknown) => served.receive(frame));
    host.on('close', () => served.close());

    const caller = new Caller((request) => window.postMessage(request));
    let orphan = Promise.withResolvers<unknown>();
    window.on('message', (frame: Frame) => {
      if ('id' in frame && frame.id === -1) orphan.resolve(frame);
      else caller.receive(frame);
    });
    const disconnect = async () => {
      window.close();
      caller.disconnect('closed');
    };
    open.push(disconnect);
    return {
      call: caller.call,
      listen: (listener) => caller.listen(listener),
      sendRaw(frame) {
        orphan = Promise.withResolvers();
        window.postMessage(frame);
        return orphan.promise;
      },
      disconnect,
    };
  };
  return { open: openLine, close: async () => open.forEach((close) => close()) };
});
