import type { Rc } from './messages/rc.ts'

// entry = type  time  subtype  value  value  unknown          16 bytes (zyno-miva.md 3)
//         1     4     2        4      4      1
//   time     absolute: big-endian, from the top 6 bits year - 2000, 4 month, 5 day, 5 hour, 6 minute, 6 second
//            relative: little-endian seconds, the upper 4 bits masked off
//   subtype  big-endian; value: big-endian float32

/** One entry of the pump's log that is an event. */
export interface LogEvent {
  readonly index: number
  readonly type: number
  /** As the pump's clock shows it; it names no time zone. */
  readonly time: string
  readonly subtype: number
  /** Null: no number. */
  readonly value: number | null
  /** The entry's 32 hex digits. */
  readonly entry: string
}

/** An entry as it was read: 32 upper-case hex digits. */
export interface LogEntry {
  readonly index: number
  readonly entry: string
}

export const isErased = ({ entry }: LogEntry): boolean => /^F{32}$/.test(entry)

const opens = 1
const closes = 2

const block = ({ entry }: LogEntry): number | null => (entry.startsWith('00') ? byteAt(entry, 5) : null)
export const opensBlock = (entry: LogEntry): boolean => block(entry) === opens
export const closesBlock = (entry: LogEntry): boolean => block(entry) === closes

export const eventOf = ({ index, entry }: LogEntry, format: Rc['timeFormat'] | null): LogEvent => {
  const bytes = Uint8Array.from({ length: 16 }, (_, at) => byteAt(entry, at))
  const view = new DataView(bytes.buffer)
  const value = view.getFloat32(7)
  return {
    index,
    type: view.getUint8(0),
    time: timeOf(view, format),
    subtype: view.getUint16(5),
    value: Number.isFinite(value) ? value : null,
    entry,
  }
}

const byteAt = (entry: string, at: number): number => Number.parseInt(entry.slice(2 * at, 2 * at + 2), 16)

const timeOf = (view: DataView, format: Rc['timeFormat'] | null): string => {
  if (format === 'relative') return `${view.getUint32(1, true) & 0x0fff_ffff} s`
  const bits = view.getUint32(1)
  if (format === null) return `raw ${bits.toString(16).toUpperCase().padStart(8, '0')}`
  const part = (from: number, width: number): string => String((bits >>> from) & ((1 << width) - 1)).padStart(2, '0')
  const year = 2000 + (bits >>> 26)
  return `${year}-${part(22, 4)}-${part(17, 5)} ${part(12, 5)}:${part(6, 6)}:${part(0, 6)}`
}
