import type { WireFrame, WireLine } from '#domain/simulators/control.ts'
import type { Line, Style } from './paint.ts'

/** `1:02:03.450`, of virtual time. */
export const timeOf = (ms: number): string => {
  const parts = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60]
  return `${parts.map((part, index) => String(part).padStart(index === 0 ? 1 : 2, '0')).join(':')}.${String(Math.floor(ms) % 1000).padStart(3, '0')}`
}

const valueOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** What a message leaves open is left out. */
const told = (fields: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [`${name}=${valueOf(value)}`]))

const printable = (hex: string): string =>
  hex.replaceAll(/../g, (pair) => {
    const code = Number.parseInt(pair, 16)
    return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·'
  })

const textOf = (frame: WireFrame): string =>
  frame.ok ? [frame.type, ...told(frame.fields)].join(' ') : `${frame.fault}: ${printable(frame.hex)}`

const hexOf = (hex: string): string => hex.replaceAll(/(..)(?!$)/g, '$1 ')

/** Rows that one frame may take. */
const mostRows = 3

/** A long text under its beginning, cut after some rows. */
const under = (head: Line, text: string, columns: number, style?: Style): readonly Line[] => {
  const indent = head.reduce((width, span) => width + span.text.length, 0)
  const room = Math.max(20, columns - indent)
  const parts = text.match(new RegExp(`.{1,${room}}`, 'gsu')) ?? []
  const shown = parts.slice(0, mostRows)
  if (parts.length > mostRows) shown.push(`${(shown.pop() ?? '').slice(0, -1)}…`)
  return shown.map((part, row) => [
    ...(row === 0 ? head : [{ text: ' '.repeat(indent) }]),
    style === undefined ? { text: part } : { text: part, style },
  ])
}

/** How a line of the wire is shown: what it means, and its bytes if they are wanted or mean nothing yet. */
export const wireRows = (line: WireLine, showsHex: boolean, columns: number): readonly Line[] => {
  if ('lost' in line) return [[{ text: `${line.lost} lines came faster than they could be shown`, style: 'yellow' }]]
  if ('pumpId' in line) return []
  const isOut = line.way === 'from-pump'
  const head: Line = [
    { text: `${timeOf(line.atMs)} `, style: 'dim' },
    { text: isOut ? 'pump > ' : 'hub  > ', style: isOut ? 'green' : 'cyan' },
    ...(line.lostBytes === undefined ? [] : [{ text: '(lost) ', style: 'yellow' as const }]),
  ]
  const rows = line.frames.flatMap((frame) => under(head, textOf(frame), columns, frame.ok ? undefined : 'red'))
  if (rows.length > 0 && !showsHex) return rows
  return [...rows, [...(rows.length > 0 ? [{ text: '    ' }] : head), { text: hexOf(line.hex), style: 'dim' }]]
}
