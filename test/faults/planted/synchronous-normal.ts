import { DatabaseSync } from 'node:sqlite'
import { inEveryThread } from './every-thread.ts'

// Every database commits without an fsync of its WAL, and says that it does not.

// oxlint-disable-next-line typescript/unbound-method -- called on their own object below
const { exec, prepare } = DatabaseSync.prototype
DatabaseSync.prototype.exec = function (sql) {
  exec.call(this, sql.replaceAll(/synchronous\s*=\s*FULL/gi, 'synchronous = NORMAL'))
}
DatabaseSync.prototype.prepare = function (sql) {
  return prepare.call(this, /^PRAGMA synchronous$/i.test(sql.trim()) ? 'SELECT 2 AS synchronous' : sql)
}
inEveryThread(import.meta.url)
