import { readFileSync } from 'node:fs'

/** What the preloaded recorder saw a program do to one folder, in the order of the disk (recorder.c). */
export type DiskOperation =
  | { readonly kind: 'write'; readonly file: string; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly file: string; readonly size: number }
  | { readonly kind: 'sync'; readonly file: string }
  | { readonly kind: 'sync-folder' }
  | { readonly kind: 'create'; readonly file: string }
  | { readonly kind: 'rename'; readonly file: string; readonly to: string }
  | { readonly kind: 'unlink'; readonly file: string }

const headBytes = 16

const operation = (kind: number, file: string, offset: number, bytes: Buffer): DiskOperation => {
  switch (kind) {
    case 1:
      return { kind: 'write', file, offset, bytes }
    case 2:
      return { kind: 'truncate', file, size: offset }
    case 3:
      return { kind: 'sync', file }
    case 4:
      return { kind: 'sync-folder' }
    case 5:
      return { kind: 'create', file }
    case 6:
      return { kind: 'rename', file, to: bytes.toString() }
    case 7:
      return { kind: 'unlink', file }
  }
  throw new Error(`the write log holds an operation ${kind} that nobody knows`)
}

/** The whole log. Its last entry may be half written when the program was killed: it is left out. */
export const readWriteLog = (path: string): readonly DiskOperation[] => {
  const log = readFileSync(path)
  const operations: DiskOperation[] = []
  let at = 0
  while (at + headBytes <= log.length) {
    const name = at + headBytes
    const data = name + log.readUInt16LE(at + 2)
    const end = data + log.readUInt32LE(at + 4)
    if (end > log.length) break
    operations.push(
      operation(
        log.readUInt8(at),
        log.toString('utf8', name, data),
        Number(log.readBigUInt64LE(at + 8)),
        log.subarray(data, end),
      ),
    )
    at = end
  }
  return operations
}
