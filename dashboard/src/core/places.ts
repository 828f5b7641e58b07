import type { Me } from '#domain/live/api.ts'
import type { ListName, Screen } from './route.ts'

/** One entry of the rail. */
export interface Place {
  readonly name: 'alarms' | ListName
  /** `g`, then this key, goes there. */
  readonly key: string
  /** On a phone: one of the tabs at the bottom, or inside "More". */
  readonly phone: 'tab' | 'more'
  /** Null: everybody who sees pumps. */
  readonly only: readonly Me['role'][] | null
}

/** What the rail shows, in its order. */
export const places: readonly Place[] = [
  { name: 'alarms', key: 'a', phone: 'tab', only: null },
  { name: 'pumps', key: 'p', phone: 'tab', only: null },
  { name: 'plan', key: 'n', phone: 'more', only: ['nurse', 'lead'] },
  { name: 'hubs', key: 'h', phone: 'more', only: null },
  { name: 'handover', key: 'o', phone: 'tab', only: ['nurse', 'lead'] },
  { name: 'history', key: 'r', phone: 'more', only: null },
  { name: 'simulator', key: 's', phone: 'more', only: ['engineer'] },
  { name: 'audit', key: 'u', phone: 'tab', only: ['admin'] },
  { name: 'people', key: 'e', phone: 'tab', only: ['admin'] },
  { name: 'registry', key: 'b', phone: 'tab', only: ['admin'] },
]

export const placesOf = (role: Me['role'] | null): readonly Place[] =>
  places.filter(({ only }) => (only === null ? role !== 'admin' : role !== null && only.includes(role)))

/** Under which entry a screen stands. */
export const placeOf = (screen: Screen): Place['name'] => (screen.name === 'pump' ? 'pumps' : screen.name)
