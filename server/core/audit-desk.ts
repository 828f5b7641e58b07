import type { AuditFilter, AuditPage, AuditQuery, ChainState } from '#domain/audit/api.ts'
import type { AuditRow } from '#domain/audit/entry.ts'
import type { Person } from '#domain/live/views.ts'
import type { Clock } from '#domain/time.ts'
import type { AccountStore } from './accounts.ts'
import type { AuditCheck } from './audit-check.ts'
import type { AuditHeads } from './audit-heads.ts'
import type { AuditSightings } from './audit-sightings.ts'
import type { Audit, AuditQuery as Conditions, AuditReader } from './audit.ts'

const rowsAtOnce = 500

export interface AuditDeskDependencies {
  readonly audit: Audit
  readonly reader: AuditReader
  readonly sightings: Pick<AuditSightings, 'saw' | 'lost'>
  readonly heads: Pick<AuditHeads, 'state'>
  readonly check: Pick<AuditCheck, 'state'>
  readonly accounts: Pick<AccountStore, 'users'>
  readonly clock: Clock
}

/** What an administrator reads of the trail. That somebody read it, or took it away, is recorded in it. */
export class AuditDesk {
  readonly #deps: AuditDeskDependencies

  constructor(deps: AuditDeskDependencies) {
    this.#deps = deps
  }

  chain(): ChainState {
    const { reader, sightings, heads, check } = this.#deps
    const { copied, away, failing } = heads.state
    const { verifiedTo, at, fault } = check.state
    return {
      rows: reader.end().seq,
      verifiedTo,
      verifiedAt: at,
      fault,
      head: copied,
      away,
      failing,
      lost: sightings.lost,
    }
  }

  async page(by: Person, { limit, before, ...filter }: AuditQuery): Promise<Omit<AuditPage, 'serverTime'>> {
    const { reader, sightings, accounts } = this.#deps
    await sightings.saw([{ actor: by.userId, action: 'audit.read', outcome: 'done', object: 'list:audit' }])
    const rows = reader.find({ ...this.#conditions(filter), before }, limit + 1)
    const people = (await accounts.users()).map(({ userId, name }) => ({ userId, name }))
    return { rows: rows.slice(0, limit), more: rows.length > limit, chain: this.chain(), people }
  }

  /** Newest first, without an end. Recorded before the first row leaves. */
  async export(actor: string, filter: AuditFilter): Promise<Iterable<readonly AuditRow[]>> {
    const { audit, clock } = this.#deps
    await audit.note([{ at: clock.now(), actor, action: 'audit.export', object: 'list:audit' }])
    return this.#pages(this.#conditions(filter))
  }

  #conditions({ last, from, ...filter }: AuditFilter): Conditions {
    const since = last === undefined ? undefined : this.#deps.clock.now() - last
    return { ...filter, from: since ?? from }
  }

  *#pages(filter: Conditions): Iterable<readonly AuditRow[]> {
    let before: number | undefined
    for (;;) {
      const rows = this.#deps.reader.find({ ...filter, before }, rowsAtOnce)
      if (rows.length > 0) yield rows
      if (rows.length < rowsAtOnce) return
      before = rows.at(-1)?.seq
    }
  }
}
