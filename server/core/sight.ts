import type { AlarmHistoryEntry, AlarmView, HubView, PumpView } from '#domain/live/views.ts'
import { channelsOf } from '#domain/live/channels.ts'
import type { ShownValues } from '#domain/live/channels.ts'
import type { LivePicture } from './live-picture.ts'
import { seesAlarm, wholeSite } from './scope.ts'
import type { Scope } from './scope.ts'

/** What somebody sees: which things, and how much of each. */
export interface Sight {
  /** The same for everybody who sees the same. */
  readonly key: string
  readonly scope: Scope
  /** Bed and ward labels. */
  readonly labels: boolean
  /** What people wrote about an alarm, and the name of a drug. */
  readonly words: boolean
}

export const sightOf = (scope: Scope, labels: boolean, words: boolean): Sight => ({
  key: `${scope.key}${labels ? '' : ' without labels'}${words ? '' : ' without words'}`,
  scope,
  labels,
  words,
})

export const fullSight: Sight = sightOf(wholeSite, true, true)

export const seesPump = ({ scope }: Sight, { pumpId }: Pick<PumpView, 'pumpId'>): boolean =>
  scope.has({ kind: 'pump', pumpId })

export const seesHub = ({ scope }: Sight, { hubId }: Pick<HubView, 'hubId'>): boolean =>
  scope.has({ kind: 'hub', hubId })

export const valuesFor = <T extends ShownValues>({ words }: Sight, values: T): T =>
  words || channelsOf(values).every(({ sample }) => sample?.drugLabel == null)
    ? values
    : {
        ...values,
        sample: withoutDrug(values.sample),
        otherChannels: values.otherChannels.map((one) => ({ ...one, sample: withoutDrug(one.sample) })),
      }

const withoutDrug = (sample: ShownValues['sample']): ShownValues['sample'] =>
  sample === null ? null : { ...sample, drugLabel: null }

export const pumpFor = (sight: Sight, pump: PumpView): PumpView =>
  valuesFor(sight, sight.labels ? pump : { ...pump, label: null })

/** A hub that several teams share tells each of its own pumps only. */
export const hubFor = ({ scope }: Sight, hub: HubView): HubView =>
  scope === wholeSite ? hub : { ...hub, pumpIds: hub.pumpIds.filter((pumpId) => scope.has({ kind: 'pump', pumpId })) }

export const alarmFor = (sight: Sight, alarm: AlarmView): AlarmView => {
  const { scope } = sight
  const seen =
    alarm.unverifiedPumps.length === 0 || scope === wholeSite
      ? alarm
      : { ...alarm, unverifiedPumps: alarm.unverifiedPumps.filter((pumpId) => scope.has({ kind: 'pump', pumpId })) }
  return sight.words ? seen : withoutWords(seen)
}

export const pumpsIn = (picture: Pick<LivePicture, 'pumps'>, sight: Sight): readonly PumpView[] =>
  picture
    .pumps()
    .filter((pump) => seesPump(sight, pump))
    .map((pump) => pumpFor(sight, pump))

export const hubsIn = (picture: Pick<LivePicture, 'hubs'>, sight: Sight): readonly HubView[] =>
  picture
    .hubs()
    .filter((hub) => seesHub(sight, hub))
    .map((hub) => hubFor(sight, hub))

/** Null: it is somebody else's. */
export const alarmIfSeen = (sight: Sight, alarm: AlarmView): AlarmView | null =>
  seesAlarm(sight.scope, alarm) ? alarmFor(sight, alarm) : null

const withoutWords = (alarm: AlarmView): AlarmView => {
  const { rejections, resolved, formerOwner, shelved } = alarm
  return {
    ...alarm,
    rejections: rejections.map((one) => ({ ...one, reason: '' })),
    resolved: resolved === null ? null : { ...resolved, note: '' },
    formerOwner: formerOwner === null ? null : { ...formerOwner, reason: null },
    shelved: shelved === null ? null : { ...shelved, reason: '' },
  }
}

const writtenByPeople = new Set(['reason', 'note', 'finding', 'spokeTo'])

/** Free text may say more about a patient than whoever repairs devices has to know. */
export const historyFor = ({ words }: Sight, history: readonly AlarmHistoryEntry[]): readonly AlarmHistoryEntry[] =>
  words
    ? history
    : history.map((entry) => ({
        ...entry,
        detail: Object.fromEntries(Object.entries(entry.detail).filter(([key]) => !writtenByPeople.has(key))),
      }))
