import type { HubView } from '#domain/live/views.ts'
import { LinkState } from '#domain/uplink/envelope.ts'
import type { LivePicture } from './live-picture.ts'

export interface FleetFigures {
  readonly hubs: Readonly<Record<HubView['state'], number>>
  readonly pumps: Readonly<Record<LinkState, number>>
  /** Age of the oldest proof of the path of a hub that is heard and sends test alarms, ms; null: no such hub has proven it yet. */
  readonly oldestProofMs: number | null
  /** Heard hubs whose proof is overdue. */
  readonly unproven: number
}

/** How many hubs and pumps are in which state, and how long ago the path from hubs was proven. */
export const fleetFigures = (picture: Pick<LivePicture, 'hubs' | 'pumps'>, now: number): FleetFigures => {
  const hubs = { 'never-heard': 0, live: 0, lost: 0, revoked: 0 }
  const pumps = Object.fromEntries(LinkState.options.map((link) => [link, 0]))
  const ages: number[] = []
  let unproven = 0
  for (const { state, path } of picture.hubs()) {
    hubs[state] += 1
    if (state !== 'live' || path === undefined || path.everyMs === null) continue
    if (path.provenAt !== null) ages.push(now - path.provenAt)
    if (path.overdue) unproven += 1
  }
  for (const { link } of picture.pumps()) pumps[link] = (pumps[link] ?? 0) + 1
  return {
    hubs,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every state is in it
    pumps: pumps as Record<LinkState, number>,
    oldestProofMs: ages.length === 0 ? null : Math.max(...ages),
    unproven,
  }
}
