import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Secret } from '#domain/secret.ts'
import { ServerError } from '#server/core/errors.ts'
import type { PatientKey, PatientKeys } from '#server/core/patient-cipher.ts'

const keyBytes = 32

const keyOf = (bytes: Uint8Array): PatientKey => ({
  id: createHash('sha256').update(bytes).digest('hex').slice(0, 8),
  bytes,
})

const newKey = (): PatientKey => keyOf(new Uint8Array(randomBytes(keyBytes)))

const readKeys = (text: string, separator: string, source: string): readonly PatientKey[] => {
  const words = text.split(separator).map((word) => word.trim())
  const keys = words.filter((word) => word !== '').map((word) => new Uint8Array(Buffer.from(word, 'hex')))
  if (keys.length === 0 || keys.some((key) => key.length !== keyBytes))
    throw new ServerError('SRV_CONFIG', `${source} does not hold keys of ${keyBytes} bytes in hexadecimal`)
  return keys.map(keyOf)
}

/** For tests: good for this process alone. */
export const passingPatientKeys = (): PatientKeys => {
  let kept: readonly PatientKey[] = [newKey()]
  return { keys: () => kept, change: (keys) => void (kept = keys), newKey }
}

/** `PATIENT_KEYS`: hexadecimal, comma separated, newest first. Throws `SRV_CONFIG`. */
export const patientKeysOf = (setting: Secret): PatientKeys => {
  const keys = readKeys(setting.reveal(), ',', 'PATIENT_KEYS')
  return { keys: () => keys, change: null, newKey }
}

/**
 * One key a line, newest first, readable by the owner alone; made with one key at first use. Read again whenever the file is another
 * one: a command may replace a key beside a running server. Throws `SRV_CONFIG`.
 */
export const patientKeyFile = (file: string): PatientKeys => {
  let seen = ''
  let kept: readonly PatientKey[] = []
  const change = (keys: readonly PatientKey[]): void => {
    const written = writeBeside(file, keys)
    renameSync(written, file)
    syncFolder(file)
  }
  const make = (): void => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const written = writeBeside(file, [newKey()])
    try {
      // Of two that start at once one is first; the other takes its key.
      linkSync(written, file)
      syncFolder(file)
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error
    } finally {
      rmSync(written)
    }
  }
  const keys = (): readonly PatientKey[] => {
    const now = lookOf(file) ?? (make(), lookOf(file) ?? '')
    if (now !== seen) {
      kept = readKeys(readFileSync(file, 'utf8'), '\n', file)
      seen = now
    }
    return kept
  }
  return { keys, change, newKey }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** Another text for another file; null: there is none. */
const lookOf = (file: string): string | null => {
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true })
  return stat === undefined ? null : `${stat.ino} ${stat.size} ${stat.mtimeNs}`
}

const writeBeside = (file: string, keys: readonly PatientKey[]): string => {
  const written = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const handle = openSync(written, 'wx', 0o600)
  try {
    writeSync(handle, keys.map(({ bytes }) => `${Buffer.from(bytes).toString('hex')}\n`).join(''))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return written
}

const syncFolder = (file: string): void => {
  const folder = openSync(dirname(file), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
