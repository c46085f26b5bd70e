// Who may talk to the web host. Three checks, each against another attack: the Host header (a site that rebinds its
// name to this machine), the Origin (a page of another site), the secret (everybody else, other users of this machine).

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

export interface Guard {
  /** Goes into the printed address; exchanged for the cookie. */
  readonly token: string;
  /** The name or address in the Host header is ours. */
  knowsHost(request: IncomingMessage): boolean;
  /** The page that asks is ours. An absent Origin is refused: browsers always send it where this is asked. */
  sameOrigin(request: IncomingMessage): boolean;
  hasCookie(request: IncomingMessage): boolean;
  isToken(text: string): boolean;
  /** Set-Cookie for a browser that showed the token. */
  cookie(): string;
}

const isLoopback = (name: string) => name === 'localhost' || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name);
const isWildcard = (name: string) => name === '0.0.0.0' || name === '::';

/** True for an address that only this machine can reach. */
export function isPrivateHost(boundHost: string): boolean {
  return isLoopback(boundHost);
}

/** `boundHost` as given to listen, `port` as bound; cookies are valid as long as the key, on this port. */
export function createGuard(boundHost: string, port: number, key: Buffer = randomBytes(32)): Guard {
  const token = randomBytes(24).toString('base64url');
  const session = createHmac('sha256', key).update(`window of port ${port}`).digest('base64url');
  // Cookies do not tell ports apart: two servers of one machine must not overwrite each other's.
  const cookieName = `saddle-${port}`;
  return {
    token,
    knowsHost(request) {
      const name = hostName(request.headers.host);
      if (name === null) return false;
      if (isLoopback(name) || name === boundHost.toLowerCase()) return true;
      // An address cannot be rebound, only a name can; the port is not compared so that forwarded ports work.
      return isWildcard(boundHost) && (isIP(name) !== 0 || name === hostname().toLowerCase());
    },
    sameOrigin(request) {
      const origin = request.headers.origin;
      return (
        origin !== undefined && URL.canParse(origin) && new URL(origin).host === request.headers.host?.toLowerCase()
      );
    },
    hasCookie(request) {
      const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
      return pairs.some(
        (pair) => pair.startsWith(`${cookieName}=`) && equal(pair.slice(cookieName.length + 1), session),
      );
    },
    isToken: (text) => equal(text, token),
    cookie: () => `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`,
  };
}

/** Name or address of a Host header, small letters, without port and brackets; null when it is not one. */
function hostName(header: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header ?? '');
  return match ? (match[1] ?? match[2] ?? '').toLowerCase() : null;
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
