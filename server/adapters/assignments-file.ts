import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import { TherapyCriticality } from '#domain/alarm/codes.ts'
import { PumpId } from '#domain/ids.ts'
import type { Assignments } from '../core/assignments.ts'
import { ServerError } from '../core/errors.ts'

const File = z.record(
  PumpId,
  z.strictObject({
    label: z.string().trim().min(1).max(64).nullable().default(null),
    criticality: TherapyCriticality.default('unknown'),
  }),
)

/** Reads `{pumpId: {label, criticality}}` from YAML or JSON. Rejects with `SRV_CONFIG`, naming every problem. */
export const readAssignments = async (path: string): Promise<Assignments> => {
  const unusable = (why: string, cause?: unknown): ServerError =>
    new ServerError('SRV_CONFIG', `ASSIGNMENTS_FILE ${path}: ${why}`, cause)
  let content: unknown
  try {
    content = parse(await readFile(path, 'utf8'), { maxAliasCount: 0 })
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : 'cannot be read', error)
  }
  const parsed = File.safeParse(content ?? {})
  if (!parsed.success)
    throw unusable(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  return new Map(Object.entries(parsed.data).map(([pumpId, entry]) => [PumpId.parse(pumpId), entry]))
}
