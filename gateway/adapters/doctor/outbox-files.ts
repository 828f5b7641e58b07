import { existsSync } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { messageOf } from '../../core/errors.ts'
import { fail, ok, warn } from '../../core/finding.ts'
import { holdersOf } from './open-files.ts'
import type { Finding } from '../../core/finding.ts'

const check = 'outbox'

interface LaneCounts {
  readonly rows: number
  readonly quarantined: number
  readonly schema: number
}

const count = (database: DatabaseSync, statement: string, column: string): number =>
  Number(database.prepare(statement).get()?.[column])

/** Tables came with formats: what an older file does not have is empty. */
const rowsIn = (database: DatabaseSync, table: string): number => {
  const found = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table)
  return found === undefined ? 0 : count(database, `SELECT count(*) AS n FROM ${table}`, 'n')
}

/** Reads only. SQLite gives the helper files it may have to make to the owner of the database. */
const countsOf = (path: string): LaneCounts => {
  using database = new DatabaseSync(path, { readOnly: true, timeout: 2_000 })
  return {
    rows: rowsIn(database, 'records') + rowsIn(database, 'thinned'),
    quarantined: rowsIn(database, 'quarantine'),
    schema: count(database, 'PRAGMA user_version', 'user_version'),
  }
}

const judgeLane = (folder: string, lane: 'alarm' | 'telemetry', known: number): readonly Finding[] => {
  const path = join(folder, `${lane}.db`)
  if (!existsSync(path)) return []
  let counts: LaneCounts
  try {
    counts = countsOf(path)
  } catch (error) {
    return [
      fail(
        check,
        `the ${lane} file cannot be read: ${messageOf(error)}`,
        'run this as the gateway’s user; a damaged file is set aside and salvaged when the gateway starts',
      ),
    ]
  }
  const { rows, quarantined, schema } = counts
  if (schema > known)
    return [
      fail(
        check,
        `the ${lane} file has format ${schema}, this version reads up to ${known}`,
        'install the newer version again: it wrote records that have not been delivered',
      ),
    ]
  return [
    ok(check, `${rows} ${lane} records wait`),
    ...(quarantined === 0
      ? []
      : [warn(check, `${quarantined} ${lane} records are set aside`, 'gateway outbox tells why')]),
  ]
}

/** What waits, what is set aside, who holds it. Changes nothing, and takes no lock that a starting gateway would miss. */
export const examineOutbox = async (dataDir: string, known: number): Promise<readonly Finding[]> => {
  const folder = await realpath(join(dataDir, 'outbox')).catch(() => null)
  if (folder === null) return [ok(check, 'is not there yet and will be made')]
  const names = await readdir(folder).catch((error: unknown) => messageOf(error))
  if (typeof names === 'string')
    return [fail(check, `cannot be read: ${names}`, 'run this as root or as the gateway’s user')]
  const holders = await holdersOf(join(folder, 'lock.db'))
  const strangers = holders.filter(({ isGateway }) => !isGateway)
  const damaged = names.filter((name) => name.includes('.damaged-') && name.endsWith('.db'))
  return [
    ...holders.map(({ command, pid, isGateway }) =>
      isGateway
        ? ok(check, `is in use by the gateway, process ${pid}`)
        : warn(check, `is held by ${command}, process ${pid}`, 'end it: a gateway cannot start meanwhile'),
    ),
    ...(holders.length - strangers.length > 1
      ? [fail(check, 'several gateways have it open', 'stop all but one')]
      : []),
    ...judgeLane(folder, 'alarm', known),
    ...judgeLane(folder, 'telemetry', known),
    ...(damaged.length === 0
      ? []
      : [
          warn(
            check,
            `${damaged.length} damaged file(s) were set aside: ${damaged.join(', ')}`,
            'look at the disk (dmesg, its age); keep them until their loss is understood, then remove them',
          ),
        ]),
  ]
}
