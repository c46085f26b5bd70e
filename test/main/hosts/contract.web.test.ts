import { startWebHost } from '../../../src/main/hosts/web/server.ts';
import { describeContract } from './contract-cases.ts';
import { openWebLine } from './web-line.ts';

describeContract("the web host's socket", async (saddle, services) => {
  const host = await startWebHost({
    services,
    subscribe: saddle.subscribe,
    readResource: saddle.readResource,
    report: (problem) => saddle.problems.push(problem),
    rendererFolder: saddle.folder,
  });
  return { open: () => openWebLine(host), close: () => host.close() };
});
