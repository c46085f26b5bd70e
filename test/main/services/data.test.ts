// Fetching and importing as the window sees it: states and events. What is fetched and how is tested in its own room.

import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError, type DataState } from '../../../src/shared/contract.ts';
import { findDataSet } from '../../../src/main/datasets/list.ts';
import { createDataServices, type DataServices } from '../../../src/main/services/data.ts';

const files = resolve(import.meta.dirname, '../../../../shared/data/mnist');

describe('the data sets', () => {
  let home: string;
  let data: DataServices;
  let heard: DataState[];
  let server: Server;
  let serve: (response: ServerResponse) => void;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'saddle-data-'));
    heard = [];
    data = createDataServices(home, (event) => {
      if (event.event === 'data' && event.data.id === 'mnist') heard.push(event.data.state);
    });
    serve = (response) => response.writeHead(404).end();
    server = createServer((_request, response) => serve(response)).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    process.env['SADDLE_MNIST_MIRRORS'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(async () => {
    delete process.env['SADDLE_MNIST_MIRRORS'];
    await data.close();
    server.closeAllConnections();
    server.close();
    rmSync(home, { recursive: true, force: true });
  });

  const stateOf = async (id: string) => (await data.calls.listData({})).find((info) => info.id === id)!.state;
  /** Sends the first bytes of the first file and then nothing. */
  const stall = (response: ServerResponse) => {
    response.writeHead(200, { 'Content-Length': 9_912_422 });
    response.write(Buffer.alloc(100_000));
  };

  it('say that one is fetched, how far, and that it failed, with the reason', async () => {
    expect(await data.calls.fetchData({ data: 'mnist' })).toBeNull();
    expect(await stateOf('mnist')).toMatchObject({ phase: 'fetching' });
    await expect.poll(() => heard.at(-1)?.phase, { timeout: 30_000 }).toBe('failed');
    expect(heard[0]).toMatchObject({ phase: 'fetching', received: 0 });
    expect(heard.at(-1)).toEqual({ phase: 'failed', message: expect.stringContaining('404') });
    expect(await stateOf('mnist')).toEqual(heard.at(-1));
  });

  it('let a fetch be cancelled, and tried again', async () => {
    serve = stall;
    await data.calls.fetchData({ data: 'mnist' });
    await expect
      .poll(() => heard.some((state) => state.phase === 'fetching' && state.received > 0), { timeout: 10_000 })
      .toBe(true);
    await data.calls.fetchData({ data: 'mnist' });
    await data.calls.cancelFetch({ data: 'mnist' });
    expect([heard.at(-1), await stateOf('mnist')]).toEqual([{ phase: 'absent' }, { phase: 'absent' }]);
    await data.calls.fetchData({ data: 'mnist' });
    expect(await stateOf('mnist')).toMatchObject({ phase: 'fetching' });
  });

  it('refuse an import while fetching, and one from a folder without the files', async () => {
    await expect(data.calls.importData({ data: 'mnist', folder: home })).rejects.toBeInstanceOf(UserError);
    serve = stall;
    await data.calls.fetchData({ data: 'mnist' });
    await expect(data.calls.importData({ data: 'mnist', folder: home })).rejects.toThrow('cancel that first');
  });

  it('need no fetch when the app draws them, and no cancelling when nothing runs', async () => {
    await data.calls.fetchData({ data: 'glyphs' });
    await data.calls.cancelFetch({ data: 'mnist' });
    expect([await stateOf('glyphs'), await stateOf('mnist'), heard]).toEqual([
      { phase: 'ready' },
      { phase: 'absent' },
      [],
    ]);
  });

  it('end their fetches when Saddle closes', async () => {
    serve = stall;
    await data.calls.fetchData({ data: 'mnist' });
    await data.close();
    expect(await stateOf('mnist')).toEqual({ phase: 'absent' });
  });

  it.skipIf(!existsSync(files))('are ready after an import, and a failure before it is forgotten', async () => {
    await data.calls.fetchData({ data: 'mnist' });
    await expect.poll(() => heard.at(-1)?.phase, { timeout: 30_000 }).toBe('failed');
    expect(await data.calls.importData({ data: 'mnist', folder: files })).toEqual({
      data: 'mnist',
      images: 60_000,
      unreadable: [],
    });
    expect([heard.at(-1), await stateOf('mnist')]).toEqual([{ phase: 'ready' }, { phase: 'ready' }]);
  });

  describe('folders of the user', () => {
    const wish = { name: 'Two', size: 8, crop: 'centre', colour: 'rgb', flip: false, background: '#ffffff' } as const;
    let folder: string;
    beforeEach(async () => {
      folder = join(home, '..', `${basename(home)}-pictures`);
      mkdirSync(folder);
      for (const level of [10, 20]) {
        const background = { r: level, g: level, b: level };
        const image = sharp({ create: { width: 16, height: 16, channels: 3, background } });
        writeFileSync(join(folder, `${level}.png`), await image.png().toBuffer());
      }
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it('become data sets, with what they take on the disk, and are gone when removed', async () => {
      const imported = await data.calls.importFolder({ ...wish, folder, skipUnreadable: false });
      expect(imported).toEqual({ data: 'folder-two', images: 2, unreadable: [] });
      const find = async () => (await data.calls.listData({})).find(({ id }) => id === 'folder-two');
      expect(await find()).toMatchObject({ title: 'Two', here: 2, own: true, state: { phase: 'ready' } });
      expect((await find())!.use.bytes).toBeGreaterThan(2 * 8 * 8 * 3);
      await findDataSet('folder-two', home).open(home, { height: 4, width: 4 });
      expect((await find())!.use.viewBytes).toBe(2 * 4 * 4 * 3);
      await data.calls.removeData({ data: 'folder-two', what: 'views' });
      expect((await find())!.use.viewBytes).toBe(0);
      await data.calls.removeData({ data: 'folder-two', what: 'all' });
      expect(await find()).toBeUndefined();
    });

    it('answer with what cannot be read, and are imported without it only then', async () => {
      writeFileSync(join(folder, 'broken.jpg'), 'x');
      const asked = await data.calls.importFolder({ ...wish, folder, skipUnreadable: false });
      expect(asked).toMatchObject({ data: null, images: 0, unreadable: [{ path: 'broken.jpg' }] });
      const done = await data.calls.importFolder({ ...wish, folder, skipUnreadable: true });
      expect(done).toMatchObject({ data: 'folder-two', images: 2, unreadable: [{ path: 'broken.jpg' }] });
    });

    it('can be cancelled while they are read, and leave nothing', async () => {
      for (let copy = 0; copy < 300; copy++) copyFileSync(join(folder, '10.png'), join(folder, `copy-${copy}.png`));
      const importing = data.calls.importFolder({ ...wish, folder, skipUnreadable: false });
      await data.calls.cancelFetch({ data: 'folder-two' });
      await expect(importing).rejects.toThrow('the import of Two was cancelled');
      expect(existsSync(join(home, 'folder-two'))).toBe(false);
    });
  });
});
