import { comparePlaces } from '#domain/alarm/report-order.ts'
import type { DatedRecord } from './ports.ts'

const isNewer = (a: DatedRecord, b: DatedRecord): boolean =>
  comparePlaces({ numbering: a.numbering, seq: a.record.seq }, { numbering: b.numbering, seq: b.record.seq }) > 0

/** Of each channel in a batch: nobody could have seen what came before it. */
export const newestOfChannels = (samples: readonly DatedRecord[]): ReadonlySet<DatedRecord> => {
  const newest = new Map<string, DatedRecord>()
  for (const dated of samples) {
    const { record } = dated
    if (record.kind !== 'telemetry') continue
    const channel = `${record.pumpId}/${record.body.channelId}`
    const known = newest.get(channel)
    if (known === undefined || isNewer(dated, known)) newest.set(channel, dated)
  }
  return new Set(newest.values())
}
