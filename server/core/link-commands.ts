import type { AlarmCommand } from '#domain/alarm/commands.ts'
import type { TherapyCriticality } from '#domain/alarm/codes.ts'
import type { EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import { channelsOf } from '#domain/live/channels.ts'
import type { AlarmView, PumpView } from '#domain/live/views.ts'
import { delivers } from '#domain/telemetry.ts'
import type { AlarmSubject } from './ports.ts'

// What silence means for the alarms of a hub and of its pumps (alarms.md, "Silence is an alarm"). One root cause, one alarm:
// a lost hub raises one alarm that names its pumps, and their own alarms turn unverified.

export interface SubjectCommand {
  readonly subject: AlarmSubject
  readonly command: AlarmCommand
}

export interface LinkFacts {
  readonly at: number
  readonly newEpisodeId: () => EpisodeId
  readonly pump: (pumpId: PumpId) => PumpView | null
}

/** On any of its channels. Null when nobody knows: then it counts as delivering. */
const wasDelivering = (view: PumpView | null): boolean | null => {
  const states = view === null ? [] : channelsOf(view).map(({ sample }) => sample?.operatingState ?? 'unknown')
  if (states.some((state) => delivers[state] === true)) return true
  return states.length === 0 || states.includes('unknown') ? null : false
}

export const pumpSubject = (pumpId: PumpId): AlarmSubject => ({ kind: 'pump', pumpId })
export const hubSubject = (hubId: HubId): AlarmSubject => ({ kind: 'hub', hubId })

export const pumpLost = (
  facts: LinkFacts,
  hubId: HubId,
  pumpId: PumpId,
  reason: string | null,
): readonly SubjectCommand[] => {
  const view = facts.pump(pumpId)
  const subject = pumpSubject(pumpId)
  return [
    { subject, command: { type: 'lose-link', at: facts.at, root: 'pump' } },
    {
      subject,
      command: {
        type: 'raise-derived',
        at: facts.at,
        episodeId: facts.newEpisodeId(),
        code: 'link-lost-pump',
        channelId: null,
        hubId,
        priority: null,
        delivering: wasDelivering(view),
        text: reason,
        unverifiedPumps: [],
        experimental: view?.experimental ?? false,
        simulated: view?.simulated ?? false,
      },
    },
  ]
}

export const pumpFound = (facts: Pick<LinkFacts, 'at'>, pumpId: PumpId): readonly SubjectCommand[] => {
  const subject = pumpSubject(pumpId)
  return [
    { subject, command: { type: 'regain-link', at: facts.at, root: 'pump' } },
    { subject, command: { type: 'end-derived', at: facts.at, code: 'link-lost-pump', channelId: null } },
  ]
}

const worst = (criticalities: readonly TherapyCriticality[]): TherapyCriticality => {
  if (criticalities.includes('critical')) return 'critical'
  return criticalities.length === 0 || criticalities.includes('unknown') ? 'unknown' : 'standard'
}

/** A simulated hub is one whose every pump is simulated; a hub without pumps is real. */
export const allSimulated = (views: readonly (PumpView | null)[]): boolean =>
  views.length > 0 && views.every((view) => view?.simulated === true)

/** One alarm of the hub for everything behind it. */
const hubUnheard = (
  facts: LinkFacts,
  hubId: HubId,
  pumpIds: readonly PumpId[],
  { code, text }: { readonly code: 'link-lost-hub' | 'hub-auth-failed'; readonly text: string | null },
): readonly SubjectCommand[] => {
  const views = pumpIds.map((pumpId) => facts.pump(pumpId))
  const atRisk = views.filter((view) => view?.criticality !== 'standard')
  const states = (atRisk.length === 0 ? views : atRisk).map(wasDelivering)
  const subject = hubSubject(hubId)
  return [
    {
      subject,
      command: {
        type: 'set-criticality',
        at: facts.at,
        criticality: worst(views.map((view) => view?.criticality ?? 'unknown')),
      },
    },
    {
      subject,
      command: {
        type: 'raise-derived',
        at: facts.at,
        episodeId: facts.newEpisodeId(),
        code,
        channelId: null,
        hubId,
        priority: null,
        delivering: states.includes(true) ? true : states.includes(null) ? null : false,
        text,
        unverifiedPumps: pumpIds,
        experimental: false,
        simulated: allSimulated(views),
      },
    },
  ]
}

const pumpsUnheard = (at: number, pumpIds: readonly PumpId[]): readonly SubjectCommand[] =>
  pumpIds.map((pumpId) => ({ subject: pumpSubject(pumpId), command: { type: 'lose-link', at, root: 'hub' } }))

export const hubLost = (facts: LinkFacts, hubId: HubId, pumpIds: readonly PumpId[]): readonly SubjectCommand[] => [
  ...hubUnheard(facts, hubId, pumpIds, { code: 'link-lost-hub', text: null }),
  ...pumpsUnheard(facts.at, pumpIds),
]

/** An administrator ended the hub's key: its silence is wanted, and what it knew of its pumps is unverified. */
export const hubRevoked = (
  facts: Pick<LinkFacts, 'at'>,
  hubId: HubId,
  pumpIds: readonly PumpId[],
): readonly SubjectCommand[] => [...hubProven(facts, hubId), ...pumpsUnheard(facts.at, pumpIds)]

/** A revoked hub still sends: somewhere it runs, and somebody may believe that it is heard. */
export const hubRefused = (facts: LinkFacts, hubId: HubId, pumpIds: readonly PumpId[]): readonly SubjectCommand[] =>
  hubUnheard(facts, hubId, pumpIds, { code: 'hub-auth-failed', text: 'its key is revoked, and it goes on sending' })

export const hubGaveUp = (facts: Pick<LinkFacts, 'at'>, hubId: HubId): readonly SubjectCommand[] => [
  {
    subject: hubSubject(hubId),
    command: { type: 'end-derived', at: facts.at, code: 'hub-auth-failed', channelId: null },
  },
]

/** The alarm of a hub that names this pump is weighed anew. `open`: all alarms as they are at this moment. */
export const riskChanged = (
  facts: LinkFacts,
  pumpId: PumpId,
  open: readonly Pick<AlarmView, 'hubId' | 'code' | 'condition' | 'vendorText' | 'unverifiedPumps'>[],
): readonly SubjectCommand[] =>
  open.flatMap(({ hubId, code, condition, vendorText: text, unverifiedPumps }) => {
    if (hubId === null || condition !== 'active' || !unverifiedPumps.includes(pumpId)) return []
    if (code !== 'link-lost-hub' && code !== 'hub-auth-failed') return []
    return hubUnheard(facts, hubId, unverifiedPumps, { code, text })
  })

/** Heartbeats again. The alarm ends with `hubProven`, once the pumps' lists have arrived. */
export const hubHeard = (facts: Pick<LinkFacts, 'at'>, pumpIds: readonly PumpId[]): readonly SubjectCommand[] =>
  pumpIds.map((pumpId) => ({
    subject: pumpSubject(pumpId),
    command: { type: 'regain-link', at: facts.at, root: 'hub' },
  }))

export const hubProven = (facts: Pick<LinkFacts, 'at'>, hubId: HubId): readonly SubjectCommand[] => [
  {
    subject: hubSubject(hubId),
    command: { type: 'end-derived', at: facts.at, code: 'link-lost-hub', channelId: null },
  },
]
