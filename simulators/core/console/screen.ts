import type { SimulatedPumpReport } from '#domain/simulators/control.ts'
import type { Line, Span } from './paint.ts'
import { menuItems, selectedPump, type ConsoleState, type Mode } from './state.ts'
import { timeOf, wireRows } from './wire-lines.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

export const leastSize: Size = { columns: 60, rows: 15 }

/** The whole screen, `size.rows` lines. */
export const screenOf = (state: ConsoleState, size: Size): readonly Line[] => {
  if (size.columns < leastSize.columns || size.rows < leastSize.rows)
    return filled([[{ text: `Make this window larger: ${leastSize.columns} × ${leastSize.rows}.` }]], size.rows)
  const { mode } = state
  const head = [header(state, size.columns)]
  const room = size.rows - head.length - 1
  const body = mode.kind === 'help' ? help : [...pumpRows(state, Math.floor(room / 2)), pumpLine(state)]
  const left = room - body.length
  const pane =
    mode.kind === 'menu'
      ? menuRows(state, mode, left, size.columns)
      : mode.kind === 'help'
        ? []
        : wirePane(state, left, size.columns)
  return [...filled([...head, ...body, ...pane], size.rows - 1), footer(state)]
}

const filled = (lines: readonly Line[], rows: number): readonly Line[] => [
  ...lines.slice(0, rows),
  ...Array.from({ length: Math.max(0, rows - lines.length) }, (): Line => []),
]

const header = ({ place, list: { speed, paused, pumps }, isAway }: ConsoleState, columns: number): Line => {
  const text = ` Simulators at ${place}  ${pumps.length} pumps  ×${speed}${paused ? '  all stand still' : ''}`
  const right = isAway ? 'NO ANSWER ' : '? help  q quit '
  return [{ text: text.padEnd(columns - right.length).slice(0, columns - right.length) + right, style: 'inverse' }]
}

const columnsOf = (texts: readonly string[]): string => {
  const [id = '', state = '', rate = '', volume = '', pressure = '', battery = '', link = ''] = texts
  return [
    id.slice(0, 16).padEnd(16),
    state.slice(0, 14).padEnd(14),
    rate.padStart(7),
    volume.padStart(8),
    pressure.padStart(5),
    battery.padStart(5),
    link.padEnd(4),
  ].join(' ')
}

const headings = columnsOf(['PUMP', 'STATE', 'mL/h', 'mL', 'mmHg', 'BATT', 'LINK'])

const pumpRow = (pump: SimulatedPumpReport, isSelected: boolean): Line => {
  const { id, operatingState, rateMlPerHour, infusedTotalMl, linePressureMmHg, batteryPercent, plugged } = pump
  const [first, ...others] = pump.activeAlarms
  const values = columnsOf([
    id,
    `${pump.paused ? '‖ ' : ''}${operatingState}`,
    rateMlPerHour.toFixed(1),
    infusedTotalMl.toFixed(2),
    linePressureMmHg.toFixed(0),
    `${batteryPercent.toFixed(0)}${pump.onMains ? '+' : '%'}`,
    plugged ? 'in' : 'OUT',
  ])
  const alarms: readonly Span[] =
    first === undefined ? [] : [{ text: ` ${first}${others.length > 0 ? ` +${others.length}` : ''}`, style: 'red' }]
  return [
    { text: isSelected ? '▸' : ' ', style: 'bold' },
    isSelected ? { text: values, style: 'bold' } : { text: values },
    ...alarms,
  ]
}

/** At most `rows` lines, the selected pump among them. */
const pumpRows = ({ list: { pumps }, selected }: ConsoleState, rows: number): readonly Line[] => {
  const room = Math.max(1, rows - 1)
  const at = pumps.findIndex(({ id }) => id === selected)
  const from = Math.max(0, Math.min(at - Math.floor(room / 2), pumps.length - room))
  const shown = pumps.slice(from, from + room).map((pump) => pumpRow(pump, pump.id === selected))
  return [
    [
      { text: ` ${headings}`, style: 'dim' },
      { text: ' ALARMS', style: 'dim' },
    ],
    ...shown,
  ]
}

const pumpLine = (state: ConsoleState): Line => {
  const pump = selectedPump(state)
  if (pump === null) return [{ text: '─ no pump' }]
  const { id, protocol, scenario, virtualMs, speed, faults, dropped } = pump
  return [
    { text: `── ${id}`, style: 'bold' },
    { text: `  ${protocol}, ${scenario}, ${timeOf(virtualMs)} ×${speed}` },
    ...(dropped > 0
      ? [{ text: `  lost ${dropped} ${protocol === 'mqtt-json' ? 'messages' : 'bytes'}`, style: 'yellow' as const }]
      : []),
    ...(faults.length > 0 ? [{ text: `  faults: ${faults.join(', ')}`, style: 'yellow' as const }] : []),
  ]
}

const wirePane = ({ wire, showsHex }: ConsoleState, rows: number, columns: number): readonly Line[] => {
  const shown: Line[] = []
  for (let index = wire.length - 1; index >= 0 && shown.length < rows; index -= 1) {
    const line = wire[index]
    if (line !== undefined) shown.unshift(...wireRows(line, showsHex, columns))
  }
  return shown.length === 0 ? [[{ text: '   nothing on the wire yet', style: 'dim' }]] : shown.slice(-rows)
}

const titles = {
  keys: 'Press a key of the pump',
  faults: 'Begin or end a fault',
  acts: 'Do something to the pump',
  codes: 'Which alarm',
} as const

const menuRows = (
  state: ConsoleState,
  mode: Extract<Mode, { kind: 'menu' }>,
  rows: number,
  columns: number,
): readonly Line[] => {
  const items = menuItems(state, mode.menu)
  const item = items[mode.at]
  const options = [
    item?.takesAmount === true ? `amount ${mode.amount === '' ? '(type it, or the usual one)' : mode.amount}` : '',
    item?.hasWay === true && !item.isOn ? `w way: ${mode.way}` : '',
  ].filter((text) => text !== '')
  const about = item?.what.match(new RegExp(`.{1,${columns - 2}}(?: |$)`, 'gu')) ?? []
  const room = Math.max(1, rows - 2 - about.length)
  const from = Math.max(0, Math.min(mode.at - Math.floor(room / 2), items.length - room))
  const width = Math.max(...items.map(({ name }) => name.length), 0)
  return [
    [{ text: ` ${titles[mode.menu]}${mode.act === '' ? '' : `: ${mode.act}`}`, style: 'bold' }],
    ...items.slice(from, from + room).map(({ name, what, isOn }, index): Line => {
      const isAt = from + index === mode.at
      const text = `${isAt ? '▸' : ' '}${isOn ? '●' : ' '} ${name.padEnd(width)}  ${what}`
      return [isAt ? { text, style: 'inverse' } : isOn ? { text, style: 'yellow' } : { text }]
    }),
    ...about.map((text): Line => [{ text: ` ${text}` }]),
    [{ text: ` ${options.join('   ')}`, style: 'cyan' }],
  ]
}

const footer = ({ mode, message, isAway, place }: ConsoleState): Line => {
  if (mode.kind === 'file') return [{ text: ` Write the scenario to: ${mode.name}_`, style: 'bold' }]
  if (mode.kind === 'help') return [{ text: ' any key: back', style: 'dim' }]
  if (mode.kind === 'menu') return [{ text: ' enter: do it   up, down: choose   esc: back', style: 'dim' }]
  if (isAway) return [{ text: ` ${place} does not answer; asking again`, style: 'red' }]
  if (message.text !== '') return [{ text: ` ${message.text}`, ...(message.isBad ? { style: 'red' as const } : {}) }]
  return [{ text: ' p keys  f faults  a acts  space stop/start  . step  +- speed  e export  x hex', style: 'dim' }]
}

const help: readonly Line[] = [
  [],
  ...[
    ['up, down', 'choose a pump; its wire is shown below, decoded'],
    ['p', 'press one of the pump’s own keys'],
    ['a', 'do something to the pump: occlude, inject-air, unplug, …'],
    ['f', 'begin a fault or end one that goes on'],
    ['space', 'stop or start the pump’s time'],
    ['.  >', 'one step of the pump: 50 ms, a second; it stands still then'],
    ['[  ]', 'the pump slower, faster'],
    ['-  +', 'all pumps slower, faster'],
    ['P', 'stop or start the time of all pumps'],
    ['x', 'show or hide the bytes of the wire'],
    ['e', 'write what was done to the pump to a scenario file'],
    ['ctrl-l', 'paint the screen anew'],
    ['q', 'quit; the pumps live on'],
  ].map(([key = '', what = '']): Line => [{ text: `  ${key.padEnd(10)}`, style: 'bold' }, { text: what }]),
]
