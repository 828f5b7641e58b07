import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { GatewayError } from '../../core/errors.ts'

/** Holds a folder for this process alone. The kernel lets go when the process dies, however it dies; nothing is left behind. */
export const lockFolder = (folder: string): Disposable => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    database.close()
    throw new GatewayError('GW_OUTBOX_LOCKED', `another gateway process uses ${folder}`, { cause })
  }
  return { [Symbol.dispose]: () => database.close() }
}
