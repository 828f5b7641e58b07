import { closeSync, ftruncateSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Asks the disk after a commit whether it takes changes still: while ext4 turns read-only, fsync says for some milliseconds that all is
 * well although nothing reaches the disk any more (seen on Linux 6.18, docs/reliability.md 3 rule 6). A change of a file's length is
 * refused from the same moment on. The file has no name, so nothing of it is left behind.
 */
export class DiskProof implements Disposable {
  readonly #handle: number
  #length = 0

  /** Throws when `folder` takes no file. */
  constructor(folder: string) {
    const path = join(folder, `.proof-${process.pid}`)
    this.#handle = openSync(path, 'w', 0o600)
    rmSync(path, { force: true })
  }

  /** Throws when what was synced before may not be on the disk. A full disk is no reason: the commit found its room. */
  check(): void {
    this.#length = 1 - this.#length
    try {
      ftruncateSync(this.#handle, this.#length)
    } catch (error) {
      if (!isNoRoom(error)) throw error
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#handle)
  }
}

const isNoRoom = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
