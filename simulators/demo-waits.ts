import { setTimeout as pause } from 'node:timers/promises'
import type { ChildProgram } from './adapters/child-program.ts'

const readyWithinMs = 60_000

/** Words for the person at the keyboard; no stack is wanted. */
export class DemoFailure extends Error {}

/** Looks every 50 ms until `probe` finds something. Gives up when the program ends or after a minute. */
export const until = async <T>(program: ChildProgram, what: string, probe: () => Promise<T | null>): Promise<T> => {
  const deadline = performance.now() + readyWithinMs
  for (;;) {
    const found = await probe().catch(() => null)
    if (found !== null) return found
    if (!program.running) throw new DemoFailure(`The ${program.name} ended early:\n${program.lastLines(15)}`)
    if (performance.now() > deadline)
      throw new DemoFailure(`Waited in vain for ${what}. Last words:\n${program.lastLines(15)}`)
    await pause(50)
  }
}

/** Throws whatever keeps it from being an answer. */
export const getJson = async (url: string): Promise<unknown> => {
  const reply = await fetch(url, { signal: AbortSignal.timeout(2000) })
  if (!reply.ok) throw new DemoFailure(`${url} answered ${reply.status}`)
  return await reply.json()
}
