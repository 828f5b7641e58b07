import type { Measured } from './figure.ts'

/** What measures of one run share. */
export interface Bench extends AsyncDisposable {
  /** Seconds of steady state that are looked at. */
  readonly seconds: number
  /** Runs `work` once per run of the bench, whoever asks first; several measures look at the same run. */
  once<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Says on standard error what goes on. */
  readonly say: (text: string) => void
}

/** A measure is a file in `measures/` that exports one of these as `measure`. */
export interface Measure {
  /** One sentence: what is measured, and how. */
  readonly what: string
  run(bench: Bench): Promise<readonly Measured[]>
}

export const newBench = (seconds: number, say: (text: string) => void): Bench => {
  const done = new Map<string, Promise<unknown>>()
  return {
    seconds,
    say,
    once: <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const running = done.get(name) ?? work()
      done.set(name, running)
      return running as Promise<T>
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled(done.values())
    },
  }
}
