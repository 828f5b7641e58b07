import { readFile } from 'node:fs/promises'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { AssignmentDetails } from '#domain/assignment/assignment.ts'
import { PumpId } from '#domain/ids.ts'
import type { Assignments } from '../core/assignments.ts'
import { ServerError } from '../core/errors.ts'

/** What a file leaves out stays as it is. */
const File = z.record(PumpId, AssignmentDetails.partial())

export type AssignmentList = ReadonlyMap<PumpId, Partial<AssignmentDetails>>

/** Reads pump id to assignment from YAML or JSON. Rejects with `SRV_CONFIG`, naming every problem; `name` says which file it is. */
export const readAssignments = async (path: string, name: string): Promise<AssignmentList> => {
  const unusable = (why: string, cause?: unknown): ServerError =>
    new ServerError('SRV_CONFIG', `${name} ${path}: ${why}`, cause)
  let content: unknown
  try {
    content = parse(await readFile(path, 'utf8'), { maxAliasCount: 0 })
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : 'cannot be read', error)
  }
  const parsed = File.safeParse(content ?? {})
  if (!parsed.success)
    throw unusable(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  return new Map(Object.entries(parsed.data).map(([pumpId, entry]) => [PumpId.parse(pumpId), told(entry)]))
}

const told = (entry: Readonly<Record<string, unknown>>): Partial<AssignmentDetails> =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined))

/** What `readAssignments` reads, of every pump in use. */
export const writtenAssignments = (assignments: Pick<Assignments, 'all'>): string =>
  stringify(
    Object.fromEntries(
      assignments.all().flatMap(({ pumpId, details }) => (details === null ? [] : [[pumpId, details]])),
    ),
  )
