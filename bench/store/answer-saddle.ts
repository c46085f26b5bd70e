// The process that answers for Saddle: the web host over a library, as `saddle serve` starts it once the window is built.
// `node bench/store/answer-saddle.ts LIBRARY` prints its address.

import { serveWindow } from '../../src/main/web.ts';

const { url, close } = await serveWindow({ host: '127.0.0.1', port: 0, library: process.argv[2]! });
process.stdout.write(`${url}\n`);
process.stdin.resume().on('end', () => void close());
