import type { Priority } from '#domain/alarm/codes.ts'

export type KeyAction =
  | { readonly do: 'move'; readonly by: 1 | -1 }
  | {
      readonly do: 'open' | 'take' | 'seen' | 'escalate' | 'note' | 'close-out' | 'pause' | 'find' | 'counts'
    }
  | { readonly do: 'close' }
  | { readonly do: 'first'; readonly priority: Priority }

const plain: Readonly<Record<string, KeyAction>> = {
  j: { do: 'move', by: 1 },
  arrowdown: { do: 'move', by: 1 },
  k: { do: 'move', by: -1 },
  arrowup: { do: 'move', by: -1 },
  enter: { do: 'open' },
  t: { do: 'take' },
  s: { do: 'seen' },
  e: { do: 'escalate' },
  n: { do: 'note' },
  o: { do: 'close-out' },
  m: { do: 'pause' },
  '/': { do: 'find' },
  c: { do: 'counts' },
  '1': { do: 'first', priority: 'high' },
  '2': { do: 'first', priority: 'medium' },
  '3': { do: 'first', priority: 'low' },
  escape: { do: 'close' },
}

/** What a key means while the queue has the focus. */
export const keyAction = (key: string): KeyAction | null => plain[key.toLowerCase()] ?? null
