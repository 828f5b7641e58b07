import { closeSync, ftruncateSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Asks the disk after a commit whether it takes changes still. In the milliseconds in which ext4 gives up its journal and turns
 * read-only, fsync answers that all is well although nothing reaches the disk any more (seen on Linux 6.18, `faults/gateway-full-disk`);
 * a change of a file's length is refused from the same moment on. The file has no name, so nothing of it is left behind.
 */
export class DiskProof implements Disposable {
  readonly #handle: number | null
  #length = 0

  constructor(folder: string) {
    this.#handle = openUnnamed(join(folder, '.proof'))
  }

  /** Throws when what was synced before may not be on the disk. */
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

/** Null: a full disk has no room for it, which is no reason to stop. */
const openUnnamed = (path: string): number | null => {
  try {
    const handle = openSync(path, 'w', 0o600)
    rmSync(path)
    return handle
  } catch (error) {
    if (!isNoRoom(error)) throw error
    return null
  }
}

const isNoRoom = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
