import { z } from 'zod'
import { BootId, ChannelId, EpisodeId, HubId, PumpId } from '../ids.ts'
import { Condition } from '../uplink/records.ts'
import { AlarmCode, Priority } from './codes.ts'

// What the engine has been told about conditions. Reports are facts: kept as they came, ordered by their own key and date, and
// folded again whenever an earlier one arrives late (condition-fold.ts).

/** The idempotency key of uplink.md. */
export const ReportKey = z.object({ hubId: HubId, bootId: BootId, seq: z.int().positive() })
export type ReportKey = z.infer<typeof ReportKey>

/** Where a report stands among those of its hub. */
export const ReportPlace = z.object({
  /** Which of its hub's numberings `seq` belongs to: one that lost its outbox counts anew (docs/adr/0026). Null in early journals. */
  numbering: z.int().nonnegative().nullable().default(null),
  seq: z.int().positive(),
})
export type ReportPlace = Readonly<z.infer<typeof ReportPlace>>

const dated = {
  key: ReportKey,
  numbering: ReportPlace.shape.numbering,
  /** On the monotonic clock of its boot. Null in early journals. */
  monotonicMs: z.number().nonnegative().nullable().default(null),
  /** Server time, ms, ± `uncertaintyMs`. */
  occurredAt: z.number(),
  uncertaintyMs: z.number().nonnegative(),
  /** In a state only: the date it vouches for, when its own turned out to lie in the future (clock-put-back.ts). */
  vouchesAt: z.number().optional(),
  receivedAt: z.number(),
  /** Older on arrival than the late limit. */
  late: z.boolean(),
  simulated: z.boolean(),
}

/** The hub says: this condition started, goes on, changed or ended. */
export const ConditionReport = z.object({ kind: z.literal('condition'), ...dated, condition: Condition })
export type ConditionReport = z.infer<typeof ConditionReport>

/** The hub says: these conditions of this pump are active and no others. */
export const SnapshotReport = z.object({ kind: z.literal('snapshot'), ...dated, alarms: z.array(Condition) })
export type SnapshotReport = z.infer<typeof SnapshotReport>

/** The server says so itself, about silence, clocks, storage and the like (vocabulary.md 5). */
export const DerivedReport = z.object({
  kind: z.literal('derived'),
  /** Counts this subject's derived reports: their order. */
  nth: z.int().nonnegative(),
  at: z.number(),
  raised: z.boolean(),
  episodeId: EpisodeId,
  code: AlarmCode,
  channelId: ChannelId.nullable(),
  hubId: HubId.nullable(),
  /** At least this; null: the catalogue's default. */
  priority: Priority.nullable(),
  /** Was the pump delivering? Null: not known, and then it counts as delivering. */
  delivering: z.boolean().nullable(),
  /** For people: what exactly is wrong. No patient data. */
  text: z.string().max(256).nullable(),
  unverifiedPumps: z.array(PumpId),
  experimental: z.boolean(),
  simulated: z.boolean(),
})
export type DerivedReport = z.infer<typeof DerivedReport>

export const Report = z.discriminatedUnion('kind', [ConditionReport, SnapshotReport, DerivedReport])
export type Report = z.infer<typeof Report>
export type HubReport = ConditionReport | SnapshotReport

export const reportKey = (key: ReportKey): string => `${key.hubId}/${key.bootId}/${key.seq}`
export const bootKey = (key: ReportKey): string => `${key.hubId}/${key.bootId}`
