import { DatabaseSync } from 'node:sqlite'
import { inEveryThread } from './every-thread.ts'

// A commit that fails for an I/O error passes for a good one.

const ioError = 10

// oxlint-disable-next-line typescript/unbound-method -- called on its own object below
const { exec } = DatabaseSync.prototype
DatabaseSync.prototype.exec = function (sql) {
  try {
    exec.call(this, sql)
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : null
    if (sql !== 'COMMIT' || code !== ioError) throw error
    if (this.isTransaction) exec.call(this, 'ROLLBACK')
  }
}
inEveryThread(import.meta.url)
