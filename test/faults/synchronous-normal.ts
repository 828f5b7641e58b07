import { syncBuiltinESMExports } from 'node:module'
import { DatabaseSync } from 'node:sqlite'
import threads from 'node:worker_threads'

// The planted fault of the power-cut test: with `--import`, every database of the program commits without an fsync of its WAL, and
// says that it does not.

// oxlint-disable-next-line typescript/unbound-method -- called on their own object below
const { exec, prepare } = DatabaseSync.prototype
DatabaseSync.prototype.exec = function (sql) {
  exec.call(this, sql.replaceAll(/synchronous\s*=\s*FULL/gi, 'synchronous = NORMAL'))
}
DatabaseSync.prototype.prepare = function (sql) {
  return prepare.call(this, /^PRAGMA synchronous$/i.test(sql.trim()) ? 'SELECT 2 AS synchronous' : sql)
}

if (threads.isMainThread) {
  const { Worker } = threads
  threads.Worker = class extends Worker {
    constructor(file: string | URL, options: threads.WorkerOptions = {}) {
      super(file, { ...options, execArgv: [...(options.execArgv ?? []), '--import', import.meta.url] })
    }
  }
  syncBuiltinESMExports()
}
