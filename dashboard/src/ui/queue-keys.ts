import type { Priority } from '#domain/alarm/codes.ts'

export type KeyAction =
  | { readonly do: 'move'; readonly by: 1 | -1 }
  | { readonly do: 'open' | 'take' | 'seen' | 'close-out' | 'pause' | 'counts' | 'help' | 'chord' }
  | { readonly do: 'first'; readonly priority: Priority }
  | { readonly do: 'go'; readonly to: 'alarms' | 'pumps' | 'hubs' }

/** What a key means while the queue has the focus. `afterG`: the key before was `g`. */
export const keyAction = (key: string, afterG: boolean): KeyAction | null => {
  if (afterG) {
    if (key === 'a') return { do: 'go', to: 'alarms' }
    if (key === 'p') return { do: 'go', to: 'pumps' }
    if (key === 'o') return { do: 'go', to: 'hubs' }
    return null
  }
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return { do: 'move', by: 1 }
    case 'k':
    case 'ArrowUp':
      return { do: 'move', by: -1 }
    case 'Enter':
      return { do: 'open' }
    case 't':
    case 'T':
      return { do: 'take' }
    case 's':
    case 'S':
      return { do: 'seen' }
    case 'o':
    case 'O':
      return { do: 'close-out' }
    case 'p':
    case 'P':
      return { do: 'pause' }
    case 'c':
    case 'C':
      return { do: 'counts' }
    case '?':
      return { do: 'help' }
    case 'g':
      return { do: 'chord' }
    case '1':
      return { do: 'first', priority: 'high' }
    case '2':
      return { do: 'first', priority: 'medium' }
    case '3':
      return { do: 'first', priority: 'low' }
  }
  return null
}
