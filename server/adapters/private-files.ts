import { chmodSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ServerError } from '#server/core/errors.ts'

/** Keys, peppers, the sign-ins of a demonstration, and databases: each is for this account alone. */
const isPrivate = (name: string): boolean => /-(?:keys?|pepper)$|^demo-access\.json$|\.db(?:-wal|-shm)?$/.test(name)

const others = 0o077
const everybody = 0o007

/**
 * Names of private files in the data folder that others on this machine could read or write. They no longer can; what was in
 * them may be known. Throws `SRV_CONFIG` when this account may not change that.
 */
export const keepPrivate = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter(isPrivate)
    .filter((name) => {
      const file = join(folder, name)
      const stat = lstatSync(file)
      if (!stat.isFile() || (stat.mode & others) === 0) return false
      try {
        chmodSync(file, 0o600)
      } catch (error) {
        const mode = (stat.mode & 0o777).toString(8)
        throw new ServerError(
          'SRV_CONFIG',
          `others on this machine may use ${file} (mode ${mode}), and this account may not change that: chmod 600 as its owner`,
          error,
        )
      }
      return true
    })

/** Whether every account of this machine may read or write a file that somebody else has put there. */
export const isOpenToAll = (file: string): boolean => {
  const stat = lstatSync(file, { throwIfNoEntry: false })
  return stat !== undefined && stat.isFile() && (stat.mode & everybody) !== 0
}
