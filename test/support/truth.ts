import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'

// The simulators' own log: what every pump really said and when. The oracle outside of everything under test.

const TruthLine = z.looseObject({
  wallAt: z.number(),
  kind: z.string(),
  pumpId: z.string(),
  /** Null: an act without one. */
  code: z.string().nullable().optional(),
  raised: z.boolean().optional(),
  infusedTotalMl: z.number().optional(),
  linePressureMmHg: z.number().nullable().optional(),
  rateMlPerHour: z.number().nullable().optional(),
  /** As on the wire: boot, sequence, notification or message number. */
  ids: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** What was acknowledged, or whose receipt it is. */
  of: z.string().optional(),
})
export type TruthLine = z.infer<typeof TruthLine>

/** All whole lines so far. */
export const readTruth = (file: string): readonly TruthLine[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => TruthLine.parse(JSON.parse(line)))
    : []

/** The infused totals a pump told, in order. */
export const samplesOf = (truth: readonly TruthLine[], pumpId: string): readonly number[] =>
  truth.flatMap((line) =>
    line.kind === 'sample' && line.pumpId === pumpId && line.infusedTotalMl !== undefined ? [line.infusedTotalMl] : [],
  )

/** Every alarm a pump raised. */
export const startsOf = (truth: readonly TruthLine[]): readonly (TruthLine & { code: string })[] =>
  truth.flatMap((line) =>
    line.kind === 'alarm' && line.raised === true && typeof line.code === 'string'
      ? [{ ...line, code: line.code }]
      : [],
  )
