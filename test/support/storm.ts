import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { alarmEngine } from '#domain/alarm/engine.ts'
import type { AlarmCode } from '#domain/alarm/codes.ts'
import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import { BootId, ChannelId, EpisodeId, HubId, PumpId, UserId } from '#domain/ids.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import type { ConditionRecord } from '#domain/uplink/records.ts'
import { nodeClock, nodeScheduler } from '#server/adapters/node-clock.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { openPaging } from '#server/compose/paging.ts'
import { AlarmService } from '#server/core/alarm-service.ts'
import { createLivePicture } from '#server/core/live-picture.ts'
import type { DatedRecord } from '#server/core/ports.ts'
import { FakeChannels } from './fake-channels.ts'

/** Ten kinds of alarms, so that a pump can have ten at once: one is high, the others medium. */
const codes = [
  'occlusion-downstream',
  'reservoir-low',
  'battery-low',
  'paused-too-long',
  'temperature',
  'mains-lost',
  'sensor-fault',
  'occlusion-upstream',
  'host-timeout',
  'infusion-near-complete',
] as const satisfies readonly AlarmCode[]

const channelId = ChannelId.parse('1')
const bootId = BootId.parse('boot-1')
const person = (name: string) => ({ userId: UserId.parse(`u-${name}`), name })

export interface Told {
  readonly hubId: HubId
  readonly records: readonly DatedRecord[]
}

const toldBy = (hubId: HubId, pumpId: PumpId, seq: number, code: AlarmCode): DatedRecord => {
  const at = nodeClock.now()
  const record: ConditionRecord = {
    seq,
    bootId,
    pumpId,
    monotonicMs: seq,
    wallAt: at,
    clockQuality: 'ntp',
    lane: 'alarm',
    kind: 'condition',
    body: {
      episodeId: EpisodeId.parse(`${pumpId}.${seq}`),
      code,
      vendorCode: null,
      vendorText: null,
      phase: 'start',
      state: 'active',
      inactivation: [],
      priority: code === 'occlusion-downstream' ? 'high' : 'medium',
      prioritySource: 'pump',
      type: 'technical',
      channelId,
      startedAt: null,
      measurementStatus: ['valid'],
      experimental: false,
    },
  }
  return { hubId, record, numbering: 0, occurredAt: at, uncertaintyMs: 0, receivedAt: at, late: false }
}

/** The alarms of a whole region at once: every pump of every hub gets ten, in batches as its hub sends them. */
export const stormOf = function* (hubs: number, pumpsPerHub: number): Iterable<() => Told> {
  for (const [nth, code] of codes.entries())
    for (let hub = 0; hub < hubs; hub += 1)
      yield () => {
        const hubId = HubId.parse(`hub-${hub}`)
        const records = Array.from({ length: pumpsPerHub }, (_, pump) =>
          toldBy(hubId, PumpId.parse(`P-${hub}-${pump}`), nth * pumpsPerHub + pump + 1, code),
        )
        return { hubId, records }
      }
}

const newEpisodeId = (): EpisodeId => EpisodeId.parse(`e-${randomUUID()}`)

/** Alarms and paging on a journal file and the real clock. */
export const openAlarmsAndPaging = async (file: string) => {
  const journal = openJournal(file)
  const assignments = new Map()
  const picture = createLivePicture({ clock: nodeClock, epoch: randomUUID(), assignments })
  const alarms = new AlarmService({
    engine: alarmEngine,
    policy: defaultAlarmPolicy,
    journal: journal.alarms,
    archive: journal.states,
    scheduler: nodeScheduler,
    notKept: (error) => {
      throw error
    },
    picture,
    assignments,
    clock: nodeClock,
    newEpisodeId,
    facilityTimeZone: 'UTC',
    colleagues: { all: async () => [], find: async () => null },
  })
  alarms.rebuild()
  const channels = new FakeChannels()
  const duty = { primary: person('nurse'), backup: person('backup'), lead: person('lead') }
  const paging = openPaging({
    journal: journal.pages,
    alarms,
    picture,
    onCall: { duty: (teamId) => ({ teamId, ...duty }), teams: () => [defaultTeam] },
    channels,
    isDemoPerson: () => false,
    teamOf: () => defaultTeam,
    clock: nodeClock,
    scheduler: nodeScheduler,
    newEpisodeId,
    newNotificationId: randomUUID,
    log: pino({ level: 'silent' }),
  })
  await paging.rebuild()
  paging.start()
  return {
    alarms,
    picture,
    channels,
    pager: paging.pager,
    journal,
    /** As ingest hands it over, with the proof of receipt. */
    take: async ({ hubId, records }: Told): Promise<void> =>
      alarms.take(
        hubId,
        records,
        records.map(({ record: { lane, seq } }) => ({ lane, bootId, seq, hash: `h${seq}` })),
      ),
    [Symbol.asyncDispose]: async (): Promise<void> => {
      await paging[Symbol.asyncDispose]()
      alarms[Symbol.dispose]()
      await journal.alarms[Symbol.asyncDispose]()
    },
  }
}
