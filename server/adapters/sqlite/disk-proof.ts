import { closeSync, ftruncateSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Asks the disk after a commit whether it takes changes still: while ext4 turns read-only, fsync says for some milliseconds that all is
 * well although nothing reaches the disk any more (seen on Linux 6.18, docs/reliability.md 3 rule 6). A change of a file's length is
 * refused from the same moment on. The file has no name, so nothing of it is left behind.
 */
export class DiskProof implements Disposable {
  readonly #handle: number | null
  #length = 0

  constructor(folder: string) {
    this.#handle = openUnnamed(join(folder, `.proof-${process.pid}`))
  }

  /** Throws when what was synced before may not be on the disk. A full disk is no reason: the commit found its room. */
  check(): void {
    if (this.#handle === null) return
    this.#length = 1 - this.#length
    try {
      ftruncateSync(this.#handle, this.#length)
    } catch (error) {
      if (!isNoRoom(error)) throw error
    }
  }

  [Symbol.dispose](): void {
    if (this.#handle !== null) closeSync(this.#handle)
  }
}

/** Null: a full disk has no room for it, which is no reason not to open. */
const openUnnamed = (path: string): number | null => {
  try {
    const handle = openSync(path, 'w', 0o600)
    rmSync(path, { force: true })
    return handle
  } catch (error) {
    if (!isNoRoom(error)) throw error
    return null
  }
}

const isNoRoom = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
