import type { Random } from '#simulators/core/random.ts'
import type { DiskOperation } from './write-log.ts'

/** The smallest piece that a disk writes whole or not at all, bytes; a torn one is partly written. */
export const sectorBytes = 512

type Pending = Extract<DiskOperation, { readonly kind: 'write' | 'truncate' }>
type NameChange = Extract<DiskOperation, { readonly kind: 'create' | 'rename' | 'unlink' }>

/** Contents of one file: what is safe, and what has been written since it was last synced. */
interface Inode {
  readonly safe: Content
  readonly pending: Pending[]
}

class Content {
  #bytes = Buffer.alloc(4096)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Growing reads as zeros. */
  resize(size: number): void {
    if (size < this.#size) this.#bytes.fill(0, size, this.#size)
    this.#reserve(size)
    this.#size = size
  }

  put(offset: number, bytes: Uint8Array): void {
    this.#reserve(offset + bytes.length)
    this.#bytes.set(bytes, offset)
    this.#size = Math.max(this.#size, offset + bytes.length)
  }

  copy(): Content {
    const copy = new Content()
    copy.put(0, this.bytes())
    return copy
  }

  /** A view, good until the next change. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size)
  }

  #reserve(size: number): void {
    if (size <= this.#bytes.length) return
    const grown = Buffer.alloc(Math.max(size, 2 * this.#bytes.length))
    this.#bytes.copy(grown, 0, 0, this.#size)
    this.#bytes = grown
  }
}

const applyWhole = (content: Content, change: Pending): void => {
  if (change.kind === 'truncate') content.resize(change.size)
  else content.put(change.offset, change.bytes)
}

/** Each sector of a write by itself: kept, dropped, or torn in the middle. */
const applyInParts = (content: Content, change: Pending, keep: number, random: Random): void => {
  if (change.kind === 'truncate') {
    if (random.next() < keep) content.resize(change.size)
    return
  }
  const { offset, bytes } = change
  for (let from = 0; from < bytes.length;) {
    const to = Math.min(bytes.length, (Math.floor((offset + from) / sectorBytes) + 1) * sectorBytes - offset)
    if (random.next() < keep) {
      const torn = random.whole(0, 15) === 0
      content.put(offset + from, bytes.subarray(from, torn ? random.whole(from, to) : to))
    }
    from = to
  }
}

const rename = (names: Map<string, Inode>, change: NameChange, inode: Inode | undefined): void => {
  switch (change.kind) {
    case 'create':
      if (inode !== undefined) names.set(change.file, inode)
      return
    case 'rename': {
      const moved = names.get(change.file)
      names.delete(change.file)
      if (moved !== undefined) names.set(change.to, moved)
      return
    }
    case 'unlink':
      names.delete(change.file)
  }
}

/**
 * A folder on a disk that promises only what it must: a file's contents when the file has been synced, its name when the folder has
 * been. Everything else may be there, or not, or half.
 */
export class DiskModel {
  readonly #names = new Map<string, Inode>()
  readonly #safeNames = new Map<string, Inode>()
  #nameChanges: { readonly change: NameChange; readonly inode: Inode | undefined }[] = []

  apply(operation: DiskOperation): void {
    switch (operation.kind) {
      case 'write':
      case 'truncate':
        this.#names.get(operation.file)?.pending.push(operation)
        return
      case 'sync': {
        const inode = this.#names.get(operation.file)
        for (const change of inode?.pending.splice(0) ?? []) if (inode !== undefined) applyWhole(inode.safe, change)
        return
      }
      case 'sync-folder':
        for (const { change, inode } of this.#nameChanges) rename(this.#safeNames, change, inode)
        this.#nameChanges = []
        return
      case 'create':
      case 'rename':
      case 'unlink': {
        const inode = operation.kind === 'create' ? { safe: new Content(), pending: [] } : undefined
        rename(this.#names, operation, inode)
        this.#nameChanges.push({ change: operation, inode })
      }
    }
  }

  /** Everything that was written, as the running system sees it. */
  whole(): ReadonlyMap<string, Uint8Array> {
    return new Map(
      [...this.#names].map(([name, { safe, pending }]) => {
        const content = safe.copy()
        for (const change of pending) applyWhole(content, change)
        return [name, content.bytes()]
      }),
    )
  }

  /** What a power cut now leaves, one of many ways: names change in order up to some point, contents sector by sector. */
  afterPowerCut(random: Random): ReadonlyMap<string, Uint8Array> {
    const names = new Map(this.#safeNames)
    const survived = random.whole(0, this.#nameChanges.length)
    for (const { change, inode } of this.#nameChanges.slice(0, survived)) rename(names, change, inode)
    return new Map(
      [...names].map(([name, { safe, pending }]) => {
        const content = safe.copy()
        const keep = random.weighted([
          [1, 0],
          [1, 1],
          [2, random.next()],
        ])
        for (const change of pending) applyInParts(content, change, keep, random)
        return [name, content.bytes()]
      }),
    )
  }
}
