import type { LinkState } from '#domain/uplink/envelope.ts'

/** Neither a reading nor an alarm for so long, ms. */
export const quietAfterMs = 86_400_000

export interface QuietFacts {
  readonly pumpId: string
  readonly hubId: string
  readonly link: LinkState
  readonly receivedAt: number | null
}

/**
 * Pumps that neither alarm nor report: nothing is heard of them and no open alarm says so, which must not look like OK. A pump whose
 * link is up may be heard any moment. `alarmed`: pumps and hubs with an open alarm.
 */
export const quietPumps = (
  pumps: readonly QuietFacts[],
  alarmed: ReadonlySet<string>,
  now: number,
): readonly string[] =>
  pumps
    .filter(({ link, receivedAt }) => link !== 'up' && (receivedAt === null || now - receivedAt > quietAfterMs))
    .filter(({ pumpId, hubId }) => !alarmed.has(pumpId) && !alarmed.has(hubId))
    .map(({ pumpId }) => pumpId)
