import { chmod, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Private keys, keys that are being changed, and the pairing. */
const isPrivate = (name: string): boolean => /\.(?:pem|key)$|^(?:next-key|pairing)\.json$/.test(name)

export interface OpenFile {
  readonly file: string
  readonly mended: boolean
}

/**
 * Files of the hub's identity and authority that others on this computer could use; what can be mended is. A hub starts all the
 * same: one that is silent over a mode would be worse.
 */
export const keepPrivate = async (folder: string): Promise<readonly OpenFile[]> => {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const found: OpenFile[] = []
  for (const name of names.filter((path) => isPrivate(path.split('/').at(-1) ?? ''))) {
    const file = join(folder, name)
    const stat = await lstat(file).catch(() => null)
    if (stat === null || !stat.isFile() || (stat.mode & 0o077) === 0) continue
    const mended = await chmod(file, 0o600).then(
      () => true,
      () => false,
    )
    found.push({ file, mended })
  }
  return found
}

/** Whether accounts of this computer that share no group with it may read a file. */
export const isOpenToAll = async (file: string): Promise<boolean> => {
  const stat = await lstat(file).catch(() => null)
  return stat !== null && stat.isFile() && (stat.mode & 0o007) !== 0
}
