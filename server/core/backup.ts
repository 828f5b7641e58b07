/**
 * Keys that go with the databases. `patient-keys` is none of them: with the databases it would open what is sealed in them
 * (security.md 10).
 */
export const keysOfDatabases = [
  'audit-content-key',
  'audit-signing-key',
  'claim-pepper',
  'push-key',
  'push-receipt-key',
] as const

export const journalFile = 'journal.db'
export const telemetryFile = 'telemetry.db'
export const patientKeysFile = 'patient-keys'

export const isDatabase = (name: string): boolean => name.endsWith('.db')

export type BackedUp = typeof journalFile | typeof telemetryFile | (typeof keysOfDatabases)[number]

export interface BackupFile {
  readonly name: BackedUp
  readonly bytes: number
  readonly sha256: string
  /** Migrations it has had; null: no database. */
  readonly schema: number | null
}

/** `backup.json`, written last: a folder without it is no backup. */
export interface BackupManifest {
  readonly format: 1
  /** Release that made it. */
  readonly version: string
  /** Before the first database was read, so that nothing committed by then is missing. ISO 8601, UTC. */
  readonly madeAt: string
  readonly files: readonly BackupFile[]
}

const prefix = 'infusion-watch-'

/** Sorts by time, and is a folder's name on every system: `infusion-watch-20261126T154300Z`. */
export const backupName = (madeAt: string): string => `${prefix}${madeAt.replace(/\.\d+/, '').replaceAll(/[-:]/g, '')}`

/** Of these names, the backups older than the newest `keep`. */
export const olderBackups = (names: readonly string[], keep: number): readonly string[] =>
  names
    .filter((name) => new RegExp(`^${prefix}\\d{8}T\\d{6}Z$`).test(name))
    .toSorted()
    .slice(0, -keep)

/** Why this release cannot use these databases; null: it can. `schemas`: migrations it knows. */
export const tooNew = (
  { files, version }: BackupManifest,
  schemas: Readonly<Record<string, number>>,
): string | null => {
  const newer = files.find(({ name, schema }) => schema !== null && schema > (schemas[name] ?? 0))
  return newer === undefined
    ? null
    : `${newer.name} has schema ${newer.schema}, this release knows ${schemas[newer.name] ?? 0}: use release ${version} or a later one`
}
