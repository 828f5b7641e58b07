import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  SimulatedPumpDetail,
  type SimulatedPumpReport,
  type SimulatorList,
  type WireLine,
} from '#domain/simulators/control.ts'
import { keysPressed } from '#simulators/core/console/keyboard.ts'
import { paintLine, repaint } from '#simulators/core/console/paint.ts'
import { press, type Effect } from '#simulators/core/console/press.ts'
import { screenOf } from '#simulators/core/console/screen.ts'
import { firstState, listed, menuOpened, wired, type ConsoleState, type Menu } from '#simulators/core/console/state.ts'
import { wireRows } from '#simulators/core/console/wire-lines.ts'

const pump = (id: string, changes: Partial<SimulatedPumpReport> = {}): SimulatedPumpReport => ({
  id,
  protocol: 'ip1',
  scenario: 'normal',
  address: 'tcp://127.0.0.1:5001',
  plugged: true,
  virtualMs: 3_723_450,
  uptimeMs: 1_000,
  operatingState: 'infusing',
  rateMlPerHour: 125,
  infusedTotalMl: 12.345,
  programRemainingMl: 487,
  linePressureMmHg: 66,
  batteryPercent: 88,
  onMains: false,
  activeAlarms: [],
  dropped: 0,
  faults: [],
  speed: 1,
  paused: false,
  ...changes,
})

const list = (...pumps: readonly SimulatedPumpReport[]): SimulatorList => ({
  speed: 1,
  paused: false,
  pumps: [...pumps],
})

const two = (): ConsoleState => firstState('127.0.0.1:9090', list(pump('P-1'), pump('P-2', { paused: true })))

const detail = SimulatedPumpDetail.parse({
  ...pump('P-1'),
  keys: [
    { key: 'start', what: 'Starts.', does: ['resume'] },
    { key: 'silence', what: 'Silences.', does: ['silence'] },
  ],
  acts: [
    { act: 'inject-air', what: 'Puts air in.', amount: { unit: 'mL', usual: 1, low: 0, high: 50 } },
    { act: 'raise', what: 'Raises.', takesCode: true },
  ],
  possibleFaults: [
    {
      fault: 'flip',
      what: 'Bits turn over.',
      hasWay: true,
      amount: { unit: 'of the bits', usual: 0.001, low: 0, high: 1 },
    },
    { fault: 'unplug', what: 'Out.', hasWay: false },
  ],
  alarmCodes: ['temperature', 'sensor-fault'],
})

const inMenu = (menu: Menu, state = two()): ConsoleState => menuOpened(state, detail, menu)

/** Presses keys one after the other: the state, and everything that was asked for. */
const after = (state: ConsoleState, ...keys: readonly string[]) => {
  const effects: Effect[] = []
  let now = state
  for (const key of keys) {
    const pressed = press(now, key)
    now = pressed.state
    if (pressed.effect !== null) effects.push(pressed.effect)
  }
  return { state: now, effects }
}

// oxlint-disable-next-line no-control-regex -- our own colours
const withoutStyle = (text: string): string => text.replaceAll(/\u001B\[\d+m/g, '')

const rowsOf = (state: ConsoleState, columns = 80, rows = 24): readonly string[] =>
  screenOf(state, { columns, rows }).map((line) => withoutStyle(paintLine(line, columns, true)))

describe('the keyboard', () => {
  it('names keys, and leaves out what means nothing', () => {
    expect(keysPressed('q\u001B[A\u001BOB\r\u007F\u0003')).toEqual(['q', 'up', 'down', 'enter', 'backspace', 'ctrl-c'])
    expect(keysPressed('\u001B')).toEqual(['escape'])
    expect(keysPressed('\u001B[15~é\u0000a')).toEqual(['a'])
  })
})

describe('pressing a key', () => {
  it('chooses a pump and forgets the wire of the one before', () => {
    const { state } = after(wired(two(), { lost: 1 }), 'down')
    expect(state).toMatchObject({ selected: 'P-2', wire: [] })
    expect(after(state, 'down', 'down').state.selected).toBe('P-2')
  })

  it.each([
    [' ', '/pumps/P-1/pause', {}],
    ['.', '/pumps/P-1/step', { ms: 50 }],
    [']', '/pumps/P-1/speed', { speed: 2 }],
    ['[', '/pumps/P-1/speed', { speed: 0.5 }],
    ['+', '/speed', { speed: 2 }],
    ['-', '/speed', { speed: 0.5 }],
    ['P', '/pause', {}],
  ])('%s asks for %s', (key, path, body) => {
    expect(after(two(), key).effects).toMatchObject([{ kind: 'post', path, body }])
  })

  it('starts a pump that stands still', () => {
    expect(after(two(), 'down', ' ').effects).toMatchObject([{ path: '/pumps/P-2/start' }])
  })

  it('in a menu presses a key of the pump', () => {
    const { state, effects } = after(inMenu('keys'), 'down', 'enter')
    expect(effects).toMatchObject([{ path: '/pumps/P-1/key', body: { key: 'silence' } }])
    expect(state.mode.kind).toBe('watch')
  })

  it('in a menu begins a fault with an amount and a way, and ends one that goes on', () => {
    expect(after(inMenu('faults'), '0', '.', '5', '9', 'backspace', 'w', 'enter').effects).toMatchObject([
      { path: '/pumps/P-1/fault', body: { fault: 'flip', amount: 0.5, way: 'from-pump' } },
    ])
    expect(after(inMenu('faults'), 'down', '5', 'w', 'enter').effects).toMatchObject([
      { body: { fault: 'unplug', way: 'both' } },
    ])
    const on = listed(two(), list(pump('P-1', { faults: ['flip'] })))
    expect(after(inMenu('faults', on), 'enter').effects).toMatchObject([{ body: { fault: 'flip', on: false } }])
  })

  it('in a menu does an act, and asks for the code of an alarm first', () => {
    expect(after(inMenu('acts'), '2', 'enter').effects).toMatchObject([{ body: { act: 'inject-air', amount: 2 } }])
    const codes = after(inMenu('acts'), 'down', 'enter')
    expect(codes.state.mode).toMatchObject({ menu: 'codes', act: 'raise' })
    expect(after(codes.state, 'down', 'enter').effects).toMatchObject([
      { body: { act: 'raise', code: 'sensor-fault' } },
    ])
  })

  it('leaves menus and quits', () => {
    expect(after(inMenu('acts'), 'escape').state.mode.kind).toBe('watch')
    for (const state of [two(), inMenu('acts')]) expect(after(state, 'ctrl-c').effects).toEqual([{ kind: 'quit' }])
    expect(after(two(), 'q').effects).toEqual([{ kind: 'quit' }])
  })
})

describe('the screen', () => {
  it('has pumps, the chosen one among them, and its wire with what it means', () => {
    const line: WireLine = {
      atMs: 3_000,
      way: 'from-pump',
      hex: '2449500D',
      frames: [{ ok: true, type: 'ST', fields: { seq: '0004', rate: 125, list: ['a'] }, hex: '2449500D' }],
    }
    const rows = rowsOf(wired(two(), line))
    expect(rows[2]).toMatch(/^▸P-1 +infusing +125\.0 +12\.35 +66 +88% in/)
    expect(rows[3]).toMatch(/^ P-2 +‖ infusing/)
    expect(rows[4]).toContain('── P-1  ip1, normal, 1:02:03.450 ×1')
    expect(rows[5]).toBe('0:00:03.000 pump > ST seq=0004 rate=125 list=["a"]'.padEnd(80))
    expect(rows[6]).toBe('    24 49 50 0D'.padEnd(80))
    expect(rows[23]).toContain('p keys')
  })

  it('keeps the chosen pump in sight among many', () => {
    const many = firstState('p', list(...Array.from({ length: 200 }, (_, n) => pump(`P-${n}`))))
    expect(rowsOf({ ...many, selected: 'P-150' }).join('\n')).toContain('▸P-150 ')
    expect(rowsOf({ ...many, selected: 'P-199' }).join('\n')).toContain('▸P-199 ')
  })

  it('shows rejected bytes as text, a long frame over three rows, and lost lines', () => {
    const junk: WireLine = {
      atMs: 0,
      way: 'to-pump',
      hex: '',
      frames: [{ ok: false, fault: 'junk', hex: '1B5B324A41' }],
    }
    expect(
      wireRows(junk, false, 80)[0]
        ?.map(({ text }) => text)
        .join(''),
    ).toBe('0:00:00.000 hub  > junk: ·[2JA')
    const fields = { much: 'x'.repeat(500) }
    const long: WireLine = { atMs: 0, way: 'to-pump', hex: '', frames: [{ ok: true, type: 'T', fields, hex: '' }] }
    expect(wireRows(long, false, 80).length).toBe(3)
    expect(wireRows({ lost: 12 }, true, 80)[0]?.[0]?.text).toMatch(/^12 lines/)
  })

  it('fills any window exactly, whatever comes over a wire, and nothing steers the terminal', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.record({ id: text, alarm: text, state: text }), { maxLength: 30 }),
        fc.array(fc.tuple(text, text), { maxLength: 20 }),
        fc.constantFrom('watch', 'help', 'keys', 'faults', 'acts', 'codes', 'file'),
        fc.boolean(),
        (columns, rows, pumps, frames, mode, hasColour) => {
          const shown = list(
            ...pumps.map(({ id, alarm, state }) =>
              pump(id, { activeAlarms: [alarm], operatingState: state, faults: [alarm] }),
            ),
          )
          let state = firstState('127.0.0.1:9090', shown)
          for (const [type, value] of frames)
            state = wired(state, {
              atMs: 1,
              way: 'from-pump',
              hex: '00FF',
              frames: [{ ok: true, type, fields: { value }, hex: '00FF' }],
            })
          if (mode === 'help') state = { ...state, mode: { kind: 'help' } }
          else if (mode === 'file') state = { ...state, mode: { kind: 'file', name: 'a'.repeat(300) } }
          else if (mode !== 'watch') state = menuOpened(state, detail, mode)
          const painted = screenOf(state, { columns, rows }).map((line) => paintLine(line, columns, hasColour))
          expect(painted.length).toBe(rows)
          for (const row of painted) {
            expect(Array.from(withoutStyle(row)).length).toBe(columns)
            expect(withoutStyle(row)).toMatch(/^[ -~×─▸●…‖·’–]*$/u)
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('is painted again only where it changed', () => {
    expect(repaint([], ['a', 'b'])).toBe('\u001B[1;1Ha\u001B[2;1Hb')
    expect(repaint(['a', 'b'], ['a', 'c'])).toBe('\u001B[2;1Hc')
  })
})
