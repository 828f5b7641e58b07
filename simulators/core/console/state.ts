import type { SimulatedPumpDetail, SimulatedPumpReport, SimulatorList, WireLine } from '#domain/simulators/control.ts'
import { ways, type Way } from '../faults/catalog.ts'

// What the terminal view knows and shows. Everything that happens makes a new state; what is to be done is an effect.

export type Menu = 'keys' | 'faults' | 'acts' | 'codes'

export type Mode =
  | { readonly kind: 'watch' }
  | { readonly kind: 'help' }
  | {
      readonly kind: 'menu'
      readonly menu: Menu
      readonly at: number
      /** As typed; empty: the usual one. */
      readonly amount: string
      readonly way: Way
      /** Of `codes`: the act that wants one. */
      readonly act: string
    }
  | { readonly kind: 'file'; readonly name: string }

export interface ConsoleState {
  /** Of the control port, without `http://`. */
  readonly place: string
  readonly list: SimulatorList
  readonly selected: string
  readonly detail: SimulatedPumpDetail | null
  /** Of the selected pump, oldest first. */
  readonly wire: readonly WireLine[]
  readonly showsHex: boolean
  readonly mode: Mode
  readonly message: { readonly text: string; readonly isBad: boolean }
  /** The control port does not answer any more. */
  readonly isAway: boolean
}

/** Lines of a wire that are kept. */
const mostWireLines = 300

export const firstState = (place: string, list: SimulatorList): ConsoleState => ({
  place,
  list,
  selected: list.pumps[0]?.id ?? '',
  detail: null,
  wire: [],
  showsHex: true,
  mode: { kind: 'watch' },
  message: { text: '', isBad: false },
  isAway: false,
})

export const selectedPump = ({ list, selected }: ConsoleState): SimulatedPumpReport | null =>
  list.pumps.find(({ id }) => id === selected) ?? null

export const listed = (state: ConsoleState, list: SimulatorList): ConsoleState => ({
  ...state,
  list,
  isAway: false,
  selected: list.pumps.some(({ id }) => id === state.selected) ? state.selected : (list.pumps[0]?.id ?? ''),
})

export const wired = (state: ConsoleState, line: WireLine): ConsoleState => ({
  ...state,
  wire: [...state.wire, line].slice(-mostWireLines),
})

export const said = (state: ConsoleState, text: string, isBad = false): ConsoleState => ({
  ...state,
  message: { text, isBad },
})

export const menuOpened = (state: ConsoleState, detail: SimulatedPumpDetail, menu: Menu): ConsoleState => ({
  ...state,
  detail,
  mode: { kind: 'menu', menu, at: 0, amount: '', way: 'both', act: '' },
})

export interface MenuItem {
  readonly name: string
  readonly what: string
  /** A fault that goes on. */
  readonly isOn: boolean
  readonly takesAmount: boolean
  readonly hasWay: boolean
}

const plain = { isOn: false, takesAmount: false, hasWay: false }

export const menuItems = (state: ConsoleState, menu: Menu): readonly MenuItem[] => {
  const { detail } = state
  if (detail === null) return []
  switch (menu) {
    case 'keys':
      return detail.keys.map(({ key, what }) => ({ ...plain, name: key, what }))
    case 'codes':
      return detail.alarmCodes.map((code) => ({ ...plain, name: code, what: '' }))
    case 'acts':
      return detail.acts.map(({ act, what, amount }) => ({
        ...plain,
        name: act,
        what: amount === undefined ? what : `${what} Usually ${amount.usual} ${amount.unit}.`,
        takesAmount: amount !== undefined,
      }))
    case 'faults':
      return detail.possibleFaults.map(({ fault, what, amount, hasWay }) => ({
        name: fault,
        what: amount === undefined ? what : `${what} Usually ${amount.usual} ${amount.unit}.`,
        isOn: selectedPump(state)?.faults.includes(fault) ?? false,
        takesAmount: amount !== undefined,
        hasWay,
      }))
  }
}

export const nextWay = (way: Way): Way => ways[(ways.indexOf(way) + 1) % ways.length] ?? 'both'
