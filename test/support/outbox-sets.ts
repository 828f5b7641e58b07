import { DatabaseSync } from 'node:sqlite'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Tombstone } from '#domain/uplink/records.ts'

/** The numbers of one boot, by what its outbox says became of them. */
export interface BootSets {
  readonly pending: Set<number>
  readonly tombstoned: Set<number>
  readonly quarantined: Set<number>
}

const emptySets = (): BootSets => ({ pending: new Set(), tombstoned: new Set(), quarantined: new Set() })

/** Reads the files of an outbox that nobody has open, past all of the outbox's own code. */
export const outboxSets = (folder: string): Map<string, BootSets> => {
  const sets = new Map<string, BootSets>()
  const of = (boot: unknown): BootSets => {
    const known = sets.get(String(boot)) ?? emptySets()
    sets.set(String(boot), known)
    return known
  }
  for (const lane of ['alarm', 'telemetry']) {
    const path = join(folder, `${lane}.db`)
    if (!existsSync(path)) continue
    using file = new DatabaseSync(path, { readOnly: true })
    for (const table of ['records', 'thinned'])
      for (const row of file.prepare(`SELECT seq, boot_id FROM ${table}`).iterate())
        of(row['boot_id']).pending.add(Number(row['seq']))
    for (const row of file.prepare('SELECT seq, boot_id FROM quarantine').iterate())
      of(row['boot_id']).quarantined.add(Number(row['seq']))
    for (const row of file
      .prepare(
        "SELECT body FROM records WHERE kind = 'tombstone' UNION ALL SELECT body FROM tombstones UNION ALL SELECT body FROM quarantine WHERE kind = 'tombstone'",
      )
      .iterate())
      bury(of, Tombstone.parse(JSON.parse(String(row['body']))))
  }
  return sets
}

const bury = (of: (boot: unknown) => BootSets, tombstone: Tombstone): void => {
  for (const seq of numbersOf(tombstone)) of(tombstone.bootId).tombstoned.add(seq)
}

/** Every number that a tombstone names. */
export const numbersOf = ({ ranges }: Pick<Tombstone, 'ranges'>): readonly number[] =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index))

/** Numbers of `[first, last]` that no set holds: what is unaccounted for. */
export const unaccounted = (first: number, last: number, ...sets: readonly ReadonlySet<number>[]): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(
    (seq) => !sets.some((set) => set.has(seq)),
  )
