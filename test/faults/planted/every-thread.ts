import { syncBuiltinESMExports } from 'node:module'
import threads from 'node:worker_threads'

/** A planted fault that was loaded with `--import` is loaded into the program's workers, too. */
export const inEveryThread = (module: string): void => {
  if (!threads.isMainThread) return
  const { Worker } = threads
  threads.Worker = class extends Worker {
    constructor(file: string | URL, options: threads.WorkerOptions = {}) {
      super(file, { ...options, execArgv: [...(options.execArgv ?? []), '--import', module] })
    }
  }
  syncBuiltinESMExports()
}
