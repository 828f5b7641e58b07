import { menuItems, nextWay, said, selectedPump, type ConsoleState, type Menu, type Mode } from './state.ts'

/** What is to be done about a key. */
export type Effect =
  | { readonly kind: 'post'; readonly path: string; readonly body: object; readonly done: string }
  /** Ask what the pump can do, then open the menu. */
  | { readonly kind: 'menu'; readonly menu: Menu }
  | { readonly kind: 'export'; readonly pumpId: string; readonly file: string }
  | { readonly kind: 'repaint' }
  | { readonly kind: 'quit' }

export interface Pressed {
  readonly state: ConsoleState
  readonly effect: Effect | null
}

const speeds = [0.1, 0.5, 1, 2, 5, 10, 60, 300, 1000] as const
const faster = (speed: number): number => speeds.find((one) => one > speed) ?? 1000
const slower = (speed: number): number => speeds.findLast((one) => one < speed) ?? 0.1

/** A key of the keyboard, by `keysPressed`. */
export const press = (state: ConsoleState, key: string): Pressed => {
  if (key === 'ctrl-c') return { state, effect: { kind: 'quit' } }
  if (key === 'ctrl-l') return { state, effect: { kind: 'repaint' } }
  const { mode } = state
  switch (mode.kind) {
    case 'watch':
      return pressWatching(state, key)
    case 'help':
      return { state: { ...state, mode: { kind: 'watch' } }, effect: null }
    case 'menu':
      return pressInMenu(state, mode, key)
    case 'file':
      return pressInFile(state, mode.name, key)
  }
}

const select = (state: ConsoleState, by: number): Pressed => {
  const ids = state.list.pumps.map(({ id }) => id)
  const at = Math.min(ids.length - 1, Math.max(0, ids.indexOf(state.selected) + by))
  const selected = ids[at] ?? state.selected
  return {
    state: selected === state.selected ? state : { ...state, selected, wire: [], detail: null },
    effect: null,
  }
}

const pressWatching = (state: ConsoleState, key: string): Pressed => {
  const pump = selectedPump(state)
  const { speed, paused } = state.list
  const none = { state, effect: null }
  const all = (path: string, body: object, done: string): Pressed => ({
    state,
    effect: { kind: 'post', path, body, done },
  })
  const one = (path: string, body: object, done: string): Pressed =>
    pump === null ? none : all(`/pumps/${pump.id}/${path}`, body, `${pump.id}: ${done}`)
  switch (key) {
    case 'q':
      return { state, effect: { kind: 'quit' } }
    case '?':
    case 'h':
      return { state: { ...state, mode: { kind: 'help' } }, effect: null }
    case 'up':
    case 'k':
      return select(state, -1)
    case 'down':
    case 'j':
    case 'tab':
      return select(state, 1)
    case ' ':
      return pump?.paused === true ? one('start', {}, 'goes on') : one('pause', {}, 'stands still')
    case '.':
      return one('step', { ms: 50 }, 'one step of 50 ms')
    case '>':
      return one('step', { ms: 1000 }, 'one second')
    case 'P':
      return paused ? all('/start', {}, 'all pumps go on') : all('/pause', {}, 'all pumps stand still')
    case '+':
    case '=':
      return all('/speed', { speed: faster(speed) }, `all pumps ×${faster(speed)}`)
    case '-':
      return all('/speed', { speed: slower(speed) }, `all pumps ×${slower(speed)}`)
    case ']':
      return one('speed', { speed: faster(pump?.speed ?? 1) }, `×${faster(pump?.speed ?? 1)}`)
    case '[':
      return one('speed', { speed: slower(pump?.speed ?? 1) }, `×${slower(pump?.speed ?? 1)}`)
    case 'p':
    case 'enter':
      return pump === null ? none : { state, effect: { kind: 'menu', menu: 'keys' } }
    case 'f':
      return pump === null ? none : { state, effect: { kind: 'menu', menu: 'faults' } }
    case 'a':
      return pump === null ? none : { state, effect: { kind: 'menu', menu: 'acts' } }
    case 'x':
      return { state: { ...state, showsHex: !state.showsHex }, effect: null }
    case 'e':
      return pump === null
        ? none
        : { state: { ...state, mode: { kind: 'file', name: `${pump.id}.yaml` } }, effect: null }
    default:
      return { state: said(state, 'That key does nothing here; ? tells which do.'), effect: null }
  }
}

type InMenu = Extract<Mode, { kind: 'menu' }>

const pressInMenu = (state: ConsoleState, mode: InMenu, key: string): Pressed => {
  const items = menuItems(state, mode.menu)
  const changed = (change: Partial<InMenu>): Pressed => ({
    state: { ...state, mode: { ...mode, ...change } },
    effect: null,
  })
  const move = (by: number): Pressed =>
    changed({ at: Math.min(items.length - 1, Math.max(0, mode.at + by)), amount: '', way: 'both' })
  const item = items[mode.at]
  switch (key) {
    case 'escape':
    case 'q':
      return { state: { ...state, mode: { kind: 'watch' } }, effect: null }
    case 'up':
    case 'k':
      return move(-1)
    case 'down':
    case 'j':
      return move(1)
    case 'page-up':
      return move(-10)
    case 'page-down':
      return move(10)
    case 'backspace':
      return changed({ amount: mode.amount.slice(0, -1) })
    case 'w':
      return item?.hasWay === true ? changed({ way: nextWay(mode.way) }) : { state, effect: null }
    case 'enter':
      return choose(state, mode)
    default:
      return /^[0-9.]$/.test(key) && item?.takesAmount === true && mode.amount.length < 10
        ? changed({ amount: mode.amount + key })
        : { state, effect: null }
  }
}

const choose = (state: ConsoleState, mode: InMenu): Pressed => {
  const item = menuItems(state, mode.menu)[mode.at]
  if (item === undefined) return { state, effect: null }
  const { name, isOn } = item
  const amount = mode.amount === '' ? {} : { amount: Number(mode.amount) }
  const done = (path: string, body: object, text: string): Pressed => ({
    state: { ...state, mode: { kind: 'watch' } },
    effect: { kind: 'post', path: `/pumps/${state.selected}/${path}`, body, done: `${state.selected}: ${text}` },
  })
  switch (mode.menu) {
    case 'keys':
      return done('key', { key: name }, `key ${name}`)
    case 'codes':
      return done('act', { act: mode.act, code: name }, `${mode.act} ${name}`)
    case 'faults':
      return isOn
        ? done('fault', { fault: name, on: false }, `${name} is over`)
        : done('fault', { fault: name, way: mode.way, ...amount }, `${name} ${mode.amount}`.trim())
    case 'acts':
      return state.detail?.acts.find(({ act }) => act === name)?.takesCode === true
        ? { state: { ...state, mode: { ...mode, menu: 'codes', at: 0, act: name } }, effect: null }
        : done('act', { act: name, ...amount }, `${name} ${mode.amount}`.trim())
  }
}

const pressInFile = (state: ConsoleState, name: string, key: string): Pressed => {
  const named = (next: string): Pressed => ({ state: { ...state, mode: { kind: 'file', name: next } }, effect: null })
  const watching = { ...state, mode: { kind: 'watch' } } as const
  switch (key) {
    case 'escape':
      return { state: watching, effect: null }
    case 'enter':
      return name === ''
        ? { state, effect: null }
        : { state: watching, effect: { kind: 'export', pumpId: state.selected, file: name } }
    case 'backspace':
      return named(name.slice(0, -1))
    default:
      return key.length === 1 && name.length < 200 ? named(name + key) : { state, effect: null }
  }
}
