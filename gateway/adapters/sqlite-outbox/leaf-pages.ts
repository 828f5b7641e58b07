import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import type { SQLOutputValue } from 'node:sqlite'
import { recordColumns } from './sql.ts'
import type { Row } from './row.ts'

/** A table leaf page of SQLite's file format (sqlite.org/fileformat2.html 1.6). */
const leafPage = 0x0d
const defaultPageSize = 4_096
const walHeaderBytes = 32
const frameHeaderBytes = 24

const names = [...recordColumns, 'span_ms', 'first_of']

/**
 * Rows of `records` and `thinned` from every page that still looks like a leaf, whatever became of the pages that lead to it. Also
 * what was deleted may come up: the row's checksum judges the content, the server's numbers judge whether it is news.
 */
export function* rowsOfLeafPages(path: string): Generator<Row> {
  using file = new PageFile(path)
  using wal = new PageFile(`${path}-wal`)
  const size = pageSizeOf(file, wal)
  const frameBytes = frameHeaderBytes + size
  const frameAt = new Map<number, number>()
  for (let at = walHeaderBytes; at + frameBytes <= wal.length; at += frameBytes)
    frameAt.set(wal.read(at, 4).readUInt32BE(0), at)
  const pageAt = (number: number): Buffer => {
    const frame = frameAt.get(number)
    return frame === undefined ? file.read((number - 1) * size, size) : wal.read(frame + frameHeaderBytes, size)
  }
  for (let at = 0; at + size <= file.length; at += size) yield* rowsOf(file.read(at, size), at === 0, pageAt)
  for (let at = walHeaderBytes; at + frameBytes <= wal.length; at += frameBytes)
    yield* rowsOf(wal.read(at + frameHeaderBytes, size), wal.read(at, 4).readUInt32BE(0) === 1, pageAt)
}

/** Read a page at a time: a telemetry file may be larger than the hub's memory. A file that is missing is empty. */
class PageFile implements Disposable {
  readonly length: number
  readonly #handle: number | null

  constructor(path: string) {
    this.#handle = existsSync(path) ? openSync(path, 'r') : null
    this.length = this.#handle === null ? 0 : fstatSync(this.#handle).size
  }

  /** Bytes of a spot that the disk does not give any more are zero. */
  read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    if (this.#handle === null || at < 0 || at + length > this.length) return bytes
    try {
      readSync(this.#handle, bytes, 0, length, at)
    } catch {
      return Buffer.alloc(length)
    }
    return bytes
  }

  [Symbol.dispose](): void {
    if (this.#handle !== null) closeSync(this.#handle)
  }
}

const isPageSize = (size: number): boolean => size >= 512 && size <= 65_536 && (size & (size - 1)) === 0

const pageSizeOf = (file: PageFile, wal: PageFile): number =>
  [wal.read(8, 4).readUInt32BE(0), file.read(16, 2).readUInt16BE(0)].find(isPageSize) ?? defaultPageSize

type PageAt = (number: number) => Buffer

function* rowsOf(page: Buffer, isFirst: boolean, pageAt: PageAt): Generator<Row> {
  const header = isFirst ? 100 : 0
  if (page[header] !== leafPage) return
  const cells = page.readUInt16BE(header + 3)
  for (let index = 0; index < cells; index += 1) {
    const pointer = header + 8 + index * 2
    if (pointer + 2 > page.length) return
    const row = readCell(page, page.readUInt16BE(pointer), pageAt)
    if (row !== null) yield row
  }
}

/** Null when the bytes make no row of ours. */
const readCell = (page: Buffer, at: number, pageAt: PageAt): Row | null => {
  try {
    const length = varint(page, at)
    const rowid = varint(page, length.next)
    if (length.value < 12 || length.value > 16 * 1024 * 1024) return null
    return readRecord(payloadOf(page, rowid.next, length.value, pageAt), rowid.value)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** What does not fit a page goes on in a chain of overflow pages. */
const payloadOf = (page: Buffer, at: number, length: number, pageAt: PageAt): Buffer => {
  const usable = page.length
  if (length <= usable - 35) return within(page, at, length)
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const fitting = least + ((length - least) % (usable - 4))
  const local = fitting <= usable - 35 ? fitting : least
  const parts = [within(page, at, local)]
  let left = length - local
  let next = page.readUInt32BE(at + local)
  while (left > 0) {
    const overflow = pageAt(next)
    if (next === 0) throw new RangeError('the chain of overflow pages is broken')
    const part = within(overflow, 4, Math.min(left, usable - 4))
    parts.push(part)
    left -= part.length
    next = overflow.readUInt32BE(0)
  }
  return Buffer.concat(parts)
}

const within = (bytes: Buffer, at: number, length: number): Buffer => {
  if (at + length > bytes.length) throw new RangeError('outside the page')
  return bytes.subarray(at, at + length)
}

const readRecord = (payload: Buffer, rowid: number): Row | null => {
  const head = varint(payload, 0)
  const types: number[] = []
  for (let at = head.next; at < head.value;) {
    const type = varint(payload, at)
    types.push(type.value)
    at = type.next
  }
  if (types.length !== 10 && types.length !== 12) return null
  const row: Row = {}
  let at = head.value
  for (const [index, type] of types.entries()) {
    const { value, bytes } = readValue(payload, at, type)
    row[names[index] ?? ''] = value
    at += bytes
  }
  // The primary key is the row's number and is not stored a second time.
  row['seq'] = rowid
  return row
}

const integerBytes = [0, 1, 2, 3, 4, 6] as const

const readValue = (payload: Buffer, at: number, type: number): { value: SQLOutputValue; bytes: number } => {
  if (type === 0) return { value: null, bytes: 0 }
  if (type === 8 || type === 9) return { value: type - 8, bytes: 0 }
  if (type === 7) return { value: payload.readDoubleBE(at), bytes: 8 }
  if (type === 6) return { value: Number(payload.readBigInt64BE(at)), bytes: 8 }
  const bytes = integerBytes[type]
  if (bytes !== undefined) return { value: payload.readIntBE(at, bytes), bytes }
  if (type < 12) throw new RangeError('a reserved type')
  const length = (type - (type % 2 === 0 ? 12 : 13)) / 2
  const content = within(payload, at, length)
  return { value: type % 2 === 0 ? new Uint8Array(content) : content.toString(), bytes: length }
}

const varint = (bytes: Buffer, at: number): { value: number; next: number } => {
  let value = 0
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes.readUInt8(at + index)
    if (index === 8) return { value: value * 256 + byte, next: at + 9 }
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return { value, next: at + index + 1 }
  }
  throw new RangeError('unreachable')
}
