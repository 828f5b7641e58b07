import { resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isFault } from '#domain/audit/chain.ts'
import type { ChainProblem } from '#domain/audit/chain.ts'
import { AuditFilter } from '#domain/audit/api.ts'
import type { SignedHead } from '#domain/audit/head.ts'
import { isSignedBy } from '../adapters/audit-signer.ts'
import { readHeadFile } from '../adapters/audit-head-file.ts'
import { SqliteAuditReader } from '../adapters/sqlite/audit-reader.ts'
import { chainHash } from '../adapters/sqlite/audit-trail.ts'
import { headsFileOf, openAuditSigner } from '../compose/audit.ts'
import { openOffice } from '../compose/office.ts'
import type { ServerConfig } from '../config.ts'
import type { AuditReader } from '../core/audit.ts'
import { ServerError } from '../core/errors.ts'
import { followTrail } from '../core/audit-follow.ts'
import { csvHead, csvLine, jsonLine } from '../core/audit-lines.ts'
import { commandLine } from './assignments.ts'
import { complain, optionsOf, say } from './program.ts'
import type { Command } from './program.ts'

const rowsAtOnce = 5000
const progressEvery = 100_000

const isoTime = (ms: number): string => new Date(ms).toISOString()

const problemWords: Record<ChainProblem, string> = {
  missing: 'is gone, and perhaps rows before it',
  changed: 'is not what its hash was made of: it was changed',
  'not-linked': 'does not follow the row before it: one of the two was exchanged, moved or put in',
  unreadable: 'cannot be read as a row of the trail',
  'other-than-signed': 'is not the row whose hash was signed: it, or rows before it, were written anew',
  'cut-off': 'is gone: a signed head names a later row, so the end of the trail was cut off',
}

/** Of the data folder, or a copy of it that nothing is written to. Throws `SRV_DATABASE_UNUSABLE`. */
const openReader = (file: string): { readonly reader: AuditReader } & Disposable => {
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 2000 })
    return { reader: new SqliteAuditReader(database), [Symbol.dispose]: () => database.close() }
  } catch (error) {
    throw new ServerError('SRV_DATABASE_UNUSABLE', `${file} cannot be read as a database with an audit trail`, error)
  }
}

const headsTold = (heads: readonly SignedHead[], file: string): string => {
  const last = heads.at(-1)
  return last === undefined
    ? `No signed head was found in ${file}: rows cut off at the end would not be noticed.`
    : `${heads.length} signed heads agree; the newest is of row ${last.seq}, ${isoTime(last.at)}. Rows cut off after it would not be noticed.`
}

const verify = async (config: ServerConfig, options: { database?: string; heads?: string; key?: string }) => {
  const file = options.heads ?? headsFileOf(config)
  const key = options.key ?? (await openAuditSigner(config)).publicKey
  const kept = await readHeadFile(file)
  const forged = kept.find((head) => !isSignedBy(key, head))
  if (forged !== undefined)
    return complain(
      `The head of row ${forged.seq} in ${file} is not signed by the key ${key}. Another key: --key, or: server audit key`,
    )
  const heads = new Map(kept.map(({ seq, hash }) => [seq, hash]))
  using opened = openReader(options.database ?? resolve(config.dataDir, 'journal.db'))
  const end = followTrail(opened.reader, chainHash, heads, (rows) => {
    if (rows % progressEvery === 0) process.stderr.write(`${rows} rows followed\n`)
  })
  if (isFault(end)) return complain(`BROKEN at row ${end.seq}: this row ${problemWords[end.problem]}.`)
  say(end.seq === 0 ? 'The trail is empty.' : `The chain holds: rows 1 to ${end.seq}, hash ${end.hash}.`)
  say(headsTold(kept, file))
  return 0
}

export const auditVerifyCommand: Command = {
  words: 'audit verify',
  usage: `  audit verify                           follow the audit trail and compare it with its signed heads; says the first
                                         bad row and what is wrong; exit code 0: it holds. A copy elsewhere:
                                         --database FILE --heads FILE --key KEY`,
  run: (config, args) => verify(config, optionsOf(args, 'database', 'heads', 'key')),
}

export const auditKeyCommand: Command = {
  words: 'audit key',
  usage: '  audit key                              the public key of signed heads: keep it elsewhere, with the heads',
  async run(config, args) {
    optionsOf(args)
    say((await openAuditSigner(config)).publicKey)
    return 0
  },
}

const timeOf = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : String(Date.parse(value))

export const auditExportCommand: Command = {
  words: 'audit export',
  usage: `  audit export                           the trail on standard output, newest first, as JSON lines or --format csv;
                                         --from TIME --to TIME --actor ID --action ACT --object ID --outcome refused`,
  async run(config, args) {
    const {
      format = 'json',
      from,
      to,
      ...rest
    } = optionsOf(args, 'format', 'from', 'to', 'actor', 'action', 'object', 'outcome')
    if (format !== 'json' && format !== 'csv') return complain('--format: json or csv')
    const filter = AuditFilter.safeParse({ ...rest, from: timeOf(from), to: timeOf(to) })
    if (!filter.success)
      return complain(filter.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'))
    await using office = await openOffice(config)
    const act = { actor: commandLine.userId, action: 'audit.export', object: 'list:audit' } as const
    await office.journal.audit.note([{ ...act, at: office.now() }])
    if (format === 'csv') process.stdout.write(csvHead)
    let before: number | undefined
    for (;;) {
      const rows = office.journal.auditReader.find({ ...filter.data, before }, rowsAtOnce)
      process.stdout.write(rows.map((row) => (format === 'csv' ? csvLine(row, isoTime) : jsonLine(row))).join(''))
      if (rows.length < rowsAtOnce) return 0
      before = rows.at(-1)?.seq
    }
  },
}
