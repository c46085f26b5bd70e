// `saddle://app/...`: the window's own origin in Electron. The window's files and the big bytes under `/data/` come from
// it, as they come from the server in the web host, and nothing else does.

import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { UserError } from '../../../shared/contract.ts';
import type { ReadResource, Resource } from '../../services/resource.ts';
import { attachment, commonHeaders, contentSecurityPolicy, findAppFile, IMMUTABLE } from '../app-files.ts';

export const SCHEME = 'saddle';
export const ORIGIN = `${SCHEME}://app`;

/** True for the pages that may call the services: exactly our origin. */
export function isAppUrl(url: string | undefined): boolean {
  const parsed = URL.parse(url ?? '');
  // The origin of a scheme unknown to this URL parser is "null": compare its parts.
  return parsed?.protocol === `${SCHEME}:` && parsed.host === 'app' && parsed.username === '' && parsed.password === '';
}

export interface SchemeOptions {
  readResource: ReadResource;
  readonly rendererFolder: string;
  report(problem: unknown): void;
}

/** Answers one request of the window; never rejects. */
export async function answerScheme(
  request: { url: string; method: string },
  options: SchemeOptions,
): Promise<Response> {
  try {
    if (!isAppUrl(request.url)) return say(403, "This address is not one of Saddle's.");
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'Only GET and HEAD are answered here.');
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.startsWith('/data/')) return await answerAppFile(pathname, options.rendererFolder);
    const resource = await options.readResource(pathname, searchParams);
    return resource ? answerResource(resource) : say(404, 'There is no such thing here.');
  } catch (problem) {
    if (problem instanceof UserError) return say(422, problem.message);
    options.report(problem);
    return say(500, 'Saddle failed here; its log says why.');
  }
}

async function answerAppFile(pathname: string, folder: string): Promise<Response> {
  const file = await findAppFile(folder, pathname);
  if (!file) return say(404, 'There is no such page.');
  const body = Readable.toWeb(createReadStream(file.path)) as ReadableStream;
  return reply(200, body, {
    'Content-Type': file.type,
    'Content-Length': String(file.bytes),
    'Cache-Control': file.immutable ? IMMUTABLE : 'no-cache',
  });
}

function answerResource({ type, body, fileName, immutable }: Resource): Response {
  const content =
    body instanceof Uint8Array ? new Uint8Array(body) : (Readable.toWeb(Readable.from(body)) as ReadableStream);
  return reply(200, content, {
    'Content-Type': type,
    'Cache-Control': immutable ? IMMUTABLE : 'no-store',
    ...(fileName && { 'Content-Disposition': attachment(fileName) }),
  });
}

function say(status: number, text: string): Response {
  return reply(status, `${text}\n`, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
}

function reply(
  status: number,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream,
  headers: Record<string, string>,
): Response {
  return new Response(body, {
    status,
    headers: { ...commonHeaders, 'Content-Security-Policy': contentSecurityPolicy(), ...headers },
  });
}
