import { alarmEngine } from '#domain/alarm/engine.ts'
import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import { EpisodeId, HubId } from '#domain/ids.ts'
import { nodeHubCrypto } from '#server/adapters/node-hub-crypto.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { AlarmService } from '#server/core/alarm-service.ts'
import { Ingest } from '#server/core/ingest.ts'
import { createLivePicture } from '#server/core/live-picture.ts'
import { SnapshotRequests } from '#server/core/snapshot-requests.ts'
import type { BootId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { Verdict } from '#domain/uplink/verdicts.ts'
import type { OutboxRecord } from '#gateway/core/ports.ts'
import type { DatedRecord, TelemetryPoint } from '#server/core/ports.ts'
import type { ManualClock } from './manual-clock.ts'

/** The server's ingest, alarm service and journal on a clock that a test moves. */
export const virtualServer = (clock: ManualClock) => {
  const hubId = HubId.parse('hub-1')
  const journal = openJournal(':memory:')
  const assignments = new Map()
  const picture = createLivePicture({ clock, epoch: 'epoch-1', assignments })
  let derived = 0
  const alarms = new AlarmService({
    engine: alarmEngine,
    policy: defaultAlarmPolicy,
    journal: journal.alarms,
    archive: journal.states,
    scheduler: clock,
    notKept: (error) => {
      throw error
    },
    picture,
    assignments,
    colleagues: { all: async () => [], find: async () => null },
    clock,
    newEpisodeId: () => EpisodeId.parse(`derived-${(derived += 1)}`),
    facilityTimeZone: 'Europe/Berlin',
  })
  const taken: DatedRecord[] = []
  const refused: string[] = []
  let points = 0
  const crypto = nodeHubCrypto(new Uint8Array(32))
  const ingest = new Ingest({
    receipts: journal.receipts,
    journal: journal.alarms,
    alarms: {
      take: async (hub, records, received) => {
        await alarms.take(hub, records, received)
        taken.push(...records)
      },
    },
    samples: picture,
    snapshots: new SnapshotRequests(),
    store: {
      write: async (written: readonly TelemetryPoint[]) => {
        points += written.length
        return { refused: [] }
      },
    },
    observer: {
      refused: (_hub, lane, reason, count) => void refused.push(`${lane} ${reason} ${count}`),
      forged: (_hub, boot, seq) => void refused.push(`forged ${boot} ${seq}`),
      telemetryStore: () => {},
      requestForged: (_hub, boot) => void refused.push(`request forged ${boot}`),
      olderBootSpeaks: (_hub, boot) => void refused.push(`older boot ${boot}`),
    },
    clock,
    scheduler: clock,
    hash: (text) => crypto.hash(text),
    lateAfterMs: defaultAlarmPolicy.lateAfterMs,
  })
  return {
    /** Records of the alarm lane in the order in which they had their effect. */
    taken,
    refused,
    points: () => points,
    openAlarms: (): readonly AlarmView[] => picture.openAlarms(),
    /** Numbers that arrived, of one boot. */
    received: async (bootId: BootId): Promise<Set<number>> => {
      const ranges = await journal.receipts.received(hubId, bootId)
      return new Set(
        ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index)),
      )
    },
    take: async (bootId: BootId, lane: Lane, records: readonly OutboxRecord[]): Promise<readonly Verdict[]> => {
      const anchor = { monotonicMs: clock.monotonic(), serverAt: clock.now(), errorMs: 5 }
      return await ingest.accept(hubId, lane, { v: 1, bootId, anchor, records: [...records] }, clock.now())
    },
    [Symbol.asyncDispose]: () => journal.alarms[Symbol.asyncDispose](),
  }
}
