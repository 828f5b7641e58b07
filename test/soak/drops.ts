import type { LiveLine } from '#test/support/live-line.ts'
import type { System } from '#test/support/system.ts'
import type { Browser } from '#test/support/browser.ts'
import { asleep, familyOf } from '#test/support/stopped-processes.ts'

export interface Surroundings {
  readonly system: System
  readonly line: LiveLine
  readonly browser: Browser
  /** Something at a pump that the journal will hold. */
  readonly somethingHappens: () => Promise<void>
  readonly pass: (ms: number) => Promise<void>
}

/** One way to lose the server: resolves when it is mended, so that a socket can come again. */
export interface Drop {
  readonly name: string
  readonly run: (around: Surroundings) => Promise<void>
}

const cut: Drop = {
  name: 'socket cut',
  run: async ({ line, somethingHappens, pass }) => {
    line.cut()
    await somethingHappens()
    await pass(2_000)
    line.mend()
  },
}

const silent: Drop = {
  name: 'network silent',
  run: async ({ line, somethingHappens, pass }) => {
    line.fallSilent()
    await somethingHappens()
    await pass(14_000)
    line.mend()
  },
}

const garbled: Drop = {
  name: 'messages lost, doubled, swapped',
  run: async ({ line, somethingHappens, pass }) => {
    const fates = ['drop', 'pass', 'twice', 'hold'] as const
    let told = 0
    line.treat = (event) => (event === 'update' ? (fates[(told += 1) % fates.length] ?? 'pass') : 'pass')
    for (let times = 0; times < 3; times += 1) {
      await somethingHappens()
      await pass(1_500)
    }
    // The last one may have been lost: only what comes after a cut is surely whole.
    line.cut()
    line.mend()
  },
}

const sleep: Drop = {
  name: 'computer asleep',
  run: async ({ browser, line, somethingHappens }) => {
    const sleeps = asleep(familyOf(browser.profile), 12_000)
    await somethingHappens()
    await sleeps
    line.mend()
  },
}

const kill: Drop = {
  name: 'server killed',
  run: async ({ system, somethingHappens, pass }) => {
    await system.server.kill('SIGKILL')
    await pass(3_000)
    await system.startServer()
    await somethingHappens()
  },
}

/** In turn, one a minute. */
export const drops: readonly Drop[] = [cut, silent, cut, garbled, sleep, cut, silent, kill]
