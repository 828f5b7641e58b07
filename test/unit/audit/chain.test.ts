import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyChain, rowHash } from '#domain/audit/chain.ts'
import type { ChainHash } from '#domain/audit/chain.ts'
import { AuditAction } from '#domain/audit/entry.ts'
import type { AuditRow } from '#domain/audit/entry.ts'
import { followTrail } from '#server/core/audit-follow.ts'

const hash: ChainHash = (previous, text) =>
  createHash('sha256').update(Buffer.from(previous, 'hex')).update(text, 'utf8').digest('hex')

const note = fc.record({
  ts: fc.nat(),
  actor: fc.string({ minLength: 1 }),
  action: fc.constantFrom(...AuditAction.options),
  outcome: fc.constantFrom('done' as const, 'refused' as const),
  object: fc.string({ minLength: 1 }),
  beforeHash: fc.constantFrom(null, 'ab'.repeat(32)),
  afterHash: fc.constantFrom(null, 'cd'.repeat(32)),
})

const chained = (notes: readonly Omit<AuditRow, 'seq' | 'hash' | 'prevHash'>[]): AuditRow[] => {
  let end = emptyChain
  return notes.map((told) => {
    const row = { ...told, seq: end.seq + 1, prevHash: end.hash }
    end = { seq: row.seq, hash: rowHash(hash, row) }
    return { ...row, hash: end.hash }
  })
}

const follow = (rows: readonly AuditRow[], heads: ReadonlyMap<number, string> = new Map()) =>
  followTrail({ after: (seq, limit) => rows.filter((row) => row.seq > seq).slice(0, limit) }, hash, heads)

const chain = fc.array(note, { minLength: 3, maxLength: 12 }).map(chained)
const place = fc.nat()

describe('the chain', () => {
  it('is SHA-256 of the hash before and the row in canonical JSON', () => {
    const [row] = chained([
      {
        ts: 5,
        actor: 'u-1',
        action: 'session.begin',
        outcome: 'done',
        object: 'user:u-1',
        beforeHash: null,
        afterHash: null,
      },
    ])
    const text =
      '{"action":"session.begin","actor":"u-1","after_hash":null,"before_hash":null,"object":"user:u-1","outcome":"done","seq":1,"ts":5}'
    expect(row?.hash).toBe(createHash('sha256').update(Buffer.alloc(32)).update(text).digest('hex'))
  })

  it('holds as it was written', () => {
    fc.assert(
      fc.property(chain, (rows) => {
        const end = { seq: rows.length, hash: rows.at(-1)?.hash }
        expect(follow(rows)).toEqual(end)
        expect(follow(rows, new Map([[rows.length, end.hash ?? '']]))).toEqual(end)
      }),
    )
  })

  it('shows a row whose content was changed', () => {
    const changes: readonly ((row: AuditRow) => AuditRow)[] = [
      (row) => ({ ...row, ts: row.ts + 1 }),
      (row) => ({ ...row, actor: `${row.actor}x` }),
      (row) => ({ ...row, action: row.action === 'rota.set' ? 'team.name' : 'rota.set' }),
      (row) => ({ ...row, outcome: row.outcome === 'done' ? 'refused' : 'done' }),
      (row) => ({ ...row, object: `${row.object}x` }),
      (row) => ({ ...row, beforeHash: row.beforeHash === null ? '00'.repeat(32) : null }),
      (row) => ({ ...row, afterHash: row.afterHash === null ? '00'.repeat(32) : null }),
      (row) => ({ ...row, prevHash: '11'.repeat(32) }),
      (row) => ({ ...row, hash: '11'.repeat(32) }),
    ]
    fc.assert(
      fc.property(chain, place, fc.constantFrom(...changes), (rows, at, change) => {
        const index = at % rows.length
        const forged = rows.map((row, where) => (where === index ? change(row) : row))
        expect(follow(forged)).toEqual({ seq: index + 1, problem: 'changed' })
      }),
    )
  })

  it('shows a changed row whose own hash was made anew at the row after it', () => {
    fc.assert(
      fc.property(chain, place, (rows, at) => {
        const index = at % (rows.length - 1)
        const forged = rows.map((row, where) => {
          if (where !== index) return row
          const other = { ...row, actor: `${row.actor}x` }
          return { ...other, hash: rowHash(hash, other) }
        })
        expect(follow(forged)).toEqual({ seq: index + 2, problem: 'not-linked' })
      }),
    )
  })

  it('shows a row that is gone, two that changed places, and one that was put in', () => {
    fc.assert(
      fc.property(chain, place, (rows, at) => {
        const index = at % (rows.length - 1)
        const gone = rows.filter((_, where) => where !== index)
        expect(follow(gone)).toEqual({ seq: index + 1, problem: 'missing' })
        const closed = gone.map((row, where) => ({ ...row, seq: where + 1 }))
        expect(follow(closed)).toEqual({ seq: index + 1, problem: 'changed' })
        const here = rows[index]
        const next = rows[index + 1]
        if (here === undefined || next === undefined) throw new Error('there are two')
        const swapped = rows.with(index, { ...next, seq: here.seq }).with(index + 1, { ...here, seq: next.seq })
        expect(follow(swapped)).toEqual({ seq: index + 1, problem: 'changed' })
        const doubled = [...rows.slice(0, index + 1), { ...here, seq: here.seq + 1 }, ...rows.slice(index + 1)]
        expect(follow(doubled.map((row, where) => ({ ...row, seq: where + 1 })))).toMatchObject({ seq: index + 2 })
      }),
    )
  })

  it('shows a tail that was cut off, or written anew, by a signed head alone', () => {
    fc.assert(
      fc.property(chain, place, (rows, at) => {
        const heads = new Map([[rows.length, rows.at(-1)?.hash ?? '']])
        const length = at % rows.length
        const cut = rows.slice(0, length)
        expect(follow(cut)).toMatchObject({ seq: length })
        expect(follow(cut, heads)).toEqual({ seq: length + 1, problem: 'cut-off' })
        const anew = chained(rows.map((row, where) => (where === length ? { ...row, actor: `${row.actor}x` } : row)))
        expect(follow(anew)).toMatchObject({ seq: rows.length })
        expect(follow(anew, heads)).toEqual({ seq: rows.length, problem: 'other-than-signed' })
      }),
    )
  })
})
