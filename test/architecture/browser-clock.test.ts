import { describe, expect, it } from 'vitest'
import { readTree } from './source-tree.ts'
import type { Tree } from './source-tree.ts'

// The browser's wall clock may be hours off, and is put forward and back. Times on screen are the server's.

/** Who may ask it, and what for. */
const mayAsk = new Map([
  ['dashboard/src/adapters/link/live-socket.ts', 'finds that the computer slept'],
  ['dashboard/src/ui/state/station-model.ts', 'tells the server how wrong it is'],
  ['dashboard/src/ui/history-link.ts', 'a range to ask for before the first heartbeat'],
])

const askers = (tree: Tree): readonly string[] =>
  [...tree]
    .filter(([path, text]) => path.startsWith('dashboard/src/') && /\bDate\.now\b|new Date\(\)/.test(text))
    .map(([path]) => path)
    .toSorted()

describe('the dashboard', () => {
  it('W9: asks the browser what time it is in these places alone', () => {
    expect(askers(readTree())).toEqual([...mayAsk.keys()].toSorted())
  })

  it.each(['const age = Date.now() - at', 'const now = new Date()', 'const clock = Date.now'])(
    'is caught with %s',
    (text) => {
      expect(askers(new Map([['dashboard/src/ui/x.tsx', text]]))).toEqual(['dashboard/src/ui/x.tsx'])
    },
  )

  it('may write a time that it was given', () => {
    expect(askers(new Map([['dashboard/src/ui/x.tsx', 'new Date(at).toISOString()']]))).toEqual([])
  })
})
