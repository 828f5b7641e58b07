// One attacker as a process of its own. Arguments: attack, target as JSON. Told `on` and `off` by its parent, answers each with the same word.
import { attacks } from './attacks.ts'
import type { AttackName } from './attacks.ts'
import type { Target } from './attack.ts'

const [name = 'nothing', target = '{}'] = process.argv.slice(2)
let running: { readonly stop: AbortController; readonly over: Promise<void> } | null = null

process.on('message', (word) => {
  if (word === 'on') {
    const stop = new AbortController()
    const over = attacks[name as AttackName](JSON.parse(target) as Target, stop.signal)
    running = { stop, over }
    process.send?.('on')
    return
  }
  running?.stop.abort()
  void (running?.over ?? Promise.resolve()).then(() => process.send?.('off'))
})
process.once('disconnect', () => process.exit())
