import { createHash } from 'node:crypto'
import { ServerError } from '#server/core/errors.ts'
import { SnapshotRequests } from '#server/core/snapshot-requests.ts'
import { Ingest } from '#server/core/ingest.ts'
import type {
  AlarmIntake,
  DatedRecord,
  IngestObserver,
  SampleSink,
  TelemetryPoint,
  TelemetryStore,
} from '#server/core/ports.ts'
import { ManualClock } from './manual-clock.ts'
import { MemoryJournal } from './memory-journal.ts'

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** The ingest with everything around it in memory and in view. */
export const ingestBench = (lateAfterMs = 120_000) => {
  const clock = new ManualClock()
  const journal = new MemoryJournal()
  const taken: DatedRecord[] = []
  const shown: DatedRecord[] = []
  const stored = new Map<string, TelemetryPoint>()
  const seen = { refused: [] as string[], forged: [] as number[], store: [] as string[] }
  const faults = {
    store: 'ok' as 'ok' | 'fails' | 'hangs',
    refuse: null as ((point: TelemetryPoint) => string | null) | null,
  }
  const alarms: AlarmIntake = {
    async take(hubId, records, received) {
      await journal.commit({ at: clock.now(), appends: [], hubId, received, records })
      taken.push(...records)
    },
  }
  const samples: SampleSink = { take: (samples) => void shown.push(...samples) }
  const store: Pick<TelemetryStore, 'write'> = {
    async write(points) {
      if (faults.store === 'hangs') return new Promise(() => {})
      if (faults.store === 'fails') throw new ServerError('SRV_STORE_UNAVAILABLE', 'the store is down')
      const refused = points.flatMap((point, index) => {
        const reason = faults.refuse?.(point) ?? null
        if (reason === null) stored.set(`${point.hubId}/${point.bootId}/${point.seq}@${point.occurredAt}`, point)
        return reason === null ? [] : [{ index, reason }]
      })
      return { refused }
    },
  }
  const observer: IngestObserver = {
    refused: (_hub, lane, reason, count) => void seen.refused.push(`${lane} ${reason} ${count}`),
    requestForged: () => undefined,
    olderBootSpeaks: () => undefined,
    forged: (_hub, _boot, seq) => void seen.forged.push(seq),
    telemetryStore: (state) => void seen.store.push(state),
  }
  const ingest = new Ingest({
    receipts: journal,
    journal,
    alarms,
    samples,
    snapshots: new SnapshotRequests(),
    store,
    observer,
    clock,
    scheduler: clock,
    hash,
    lateAfterMs,
  })
  return { clock, journal, taken, shown, stored, seen, faults, ingest }
}
