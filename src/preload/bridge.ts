// What the window sees of the desktop host: asking and listening, nothing else. Runs sandboxed, bundled as one file.

import { contextBridge, ipcRenderer } from 'electron';
import type { AnyEvent, CallArgs, CallName } from '../shared/contract.ts';
import { Caller, CHANNEL, type Frame } from '../shared/messages.ts';

const caller = new Caller((request) => ipcRenderer.send(CHANNEL, request));
ipcRenderer.on(CHANNEL, (_event, frame: Frame) => caller.receive(frame));

contextBridge.exposeInMainWorld('saddle', {
  call: <Name extends CallName>(name: Name, args: CallArgs<Name>) => caller.call(name, args),
  listen: (handler: (event: AnyEvent) => void) => caller.listen(handler),
});
