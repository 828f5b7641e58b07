import type { HubView } from '#domain/live/views.ts'

// Many silent hubs with one cause are told once. Pure.

export interface SilentGroup {
  /** Null: hubs of several nets fell silent together; the server's own line comes to mind first. */
  readonly network: string | null
  /** When the first of them was heard last, server time, ms. */
  readonly since: number
  readonly hubs: readonly HubView['hubId'][]
  /** Hubs of that net, or all there are. */
  readonly of: number
}

/** What falls silent within this time may have one cause, ms. */
const togetherMs = 120_000
const mostAlone = 1

type Facts = Pick<HubView, 'hubId' | 'state' | 'lastHeardAt'>

const isSilent = ({ state, lastHeardAt }: Facts): boolean => state === 'lost' && lastHeardAt !== null

const ids = (some: readonly Facts[]): readonly HubView['hubId'][] => some.map(({ hubId }) => hubId)

/** Runs of hubs that were heard last at nearly the same time. */
const together = (hubs: readonly Facts[]): readonly (readonly Facts[])[] => {
  const inOrder = hubs.toSorted((a, b) => (a.lastHeardAt ?? 0) - (b.lastHeardAt ?? 0))
  const runs: Facts[][] = []
  for (const hub of inOrder) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run !== undefined && (hub.lastHeardAt ?? 0) - (last?.lastHeardAt ?? 0) <= togetherMs) run.push(hub)
    else runs.push([hub])
  }
  return runs
}

/**
 * Groups of silent hubs, largest first. First by net: all that fell silent together and share one. What is silent together over
 * several nets is one group without a net. A single silent hub is no group.
 */
export const silentGroups = (
  hubs: readonly Facts[],
  networkOf: (hubId: HubView['hubId']) => string | null,
): readonly SilentGroup[] => {
  const silent = hubs.filter(isSilent)
  const groups = together(silent).flatMap((run): readonly SilentGroup[] => {
    if (run.length <= mostAlone) return []
    const since = run[0]?.lastHeardAt ?? 0
    const nets = Map.groupBy(run, ({ hubId }) => networkOf(hubId))
    const several = [...nets.values()].filter((some) => some.length > mostAlone).length !== 1 || nets.size > 2
    if (nets.size > 1 && several) return [{ network: null, since, hubs: ids(run), of: hubs.length }]
    return [...nets].flatMap(([network, some]) => {
      if (network === null || some.length <= mostAlone) return []
      const of = hubs.filter(({ hubId }) => networkOf(hubId) === network).length
      return [{ network, since: some[0]?.lastHeardAt ?? since, hubs: ids(some), of }]
    })
  })
  return groups.toSorted((a, b) => b.hubs.length - a.hubs.length)
}

/** What needs somebody first: silent, then unproven, then with something waiting or on too little power; then by name. */
export const hubRank = ({ state, path, outbox, power }: HubView): number => {
  if (state === 'lost') return 0
  if (path?.overdue === true) return 1
  if ((outbox?.quarantined ?? 0) > 0 || (outbox?.alarmRows ?? 0) > 0) return 2
  if (power === 'battery' || power === 'low-voltage') return 2
  if (state === 'never-heard') return 3
  return state === 'revoked' ? 5 : 4
}
