import { readFile } from 'node:fs/promises'
import { splitPem } from '../adapters/http-uplink/server-trust.ts'
import { ServerTime } from '../adapters/http-uplink/server-time.ts'
import { GatewayError, messageOf } from '../core/errors.ts'
import type { Clock } from '#domain/time.ts'
import type { Reach } from '../adapters/http-uplink/exchange.ts'
import type { PinBook } from '../adapters/http-uplink/server-trust.ts'
import type { Config } from '../config.ts'
import type { HubClock } from './hub-clock.ts'

/** Where the server is and how it has to prove itself. Rejects with `GW_CONFIG_INVALID` when the file of roots cannot be used. */
export const reachOf = async (
  { url, ca, pins }: Config['server'],
  book: PinBook,
  hubClock: Pick<HubClock, 'isSuspect' | 'lowerBound'>,
  clock: Clock,
): Promise<Reach> => ({
  server: new URL(url),
  clock,
  trust: {
    roots: ca === undefined ? null : await readRoots(ca),
    pins: pins ?? [],
    book,
    hubClock,
    serverTime: new ServerTime(clock),
  },
})

const readRoots = async (path: string): Promise<readonly string[]> => {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GatewayError('GW_CONFIG_INVALID', `cannot read the roots (server.ca): ${messageOf(cause)}`, { cause })
  })
  const roots = splitPem(text)
  if (roots.length === 0)
    throw new GatewayError('GW_CONFIG_INVALID', `${path} (server.ca) has no certificate in PEM form`)
  return roots
}
