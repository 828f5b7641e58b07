import { placesOf } from './places.ts'
import type { Place } from './places.ts'
import type { Me } from '#domain/live/api.ts'

/** What a key does on every screen. */
export type ShellKey =
  | { readonly do: 'go'; readonly to: Place['name'] }
  | { readonly do: 'chord' }
  | { readonly do: 'help' }

/** `afterG`: the key before was `g`. Null: the key is the screen's. */
export const shellKey = (key: string, afterG: boolean, role: Me['role'] | null): ShellKey | null => {
  if (afterG) {
    const place = placesOf(role).find((candidate) => candidate.key === key)
    return place === undefined ? null : { do: 'go', to: place.name }
  }
  if (key === 'g') return { do: 'chord' }
  return key === '?' ? { do: 'help' } : null
}
