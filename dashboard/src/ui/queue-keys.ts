import type { Priority } from '#domain/alarm/codes.ts'

export type KeyAction =
  | { readonly do: 'move'; readonly by: 1 | -1 }
  | { readonly do: 'open' | 'take' | 'seen' | 'close-out' | 'pause' | 'counts' }
  | { readonly do: 'first'; readonly priority: Priority }

/** What a key means while the queue has the focus. */
export const keyAction = (key: string): KeyAction | null => {
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
    case '1':
      return { do: 'first', priority: 'high' }
    case '2':
      return { do: 'first', priority: 'medium' }
    case '3':
      return { do: 'first', priority: 'low' }
  }
  return null
}
