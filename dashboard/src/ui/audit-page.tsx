import './styles/audit.css'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { AuditPage as Told } from '#domain/audit/api.ts'
import { askedOf, exportAddress, parseAudit } from '#dashboard/core/audit-query.ts'
import { auditWords } from '#dashboard/core/audit-words.ts'
import { AdminTable } from './admin-list.tsx'
import { AuditChain } from './audit-chain.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { AuditRowView } from './audit-row.tsx'
import { useApp } from './state/app-state.ts'
import { AuditModel } from './state/audit-model.ts'

const stateEveryMs = 60_000

/** Who did what, newest first, and whether the chain of it holds. Ids only: an administrator sees no patient. */
export const AuditPage = (): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(auditWords).audit
  const screen = app.screen.value
  const query = screen.name === 'audit' ? screen.query : undefined
  const view = useMemo(() => parseAudit(query), [query])
  const model = useMemo(() => new AuditModel(app.link), [app])
  useEffect(() => {
    const ask = (): void => void model.ask(askedOf(view))
    ask()
    // The list begins anew only while nobody has gone further down in it.
    const timer = setInterval(() => {
      if (scrollY === 0 && (model.told.peek()?.rows.length ?? 0) <= 100) ask()
    }, stateEveryMs)
    return () => clearInterval(timer)
  }, [model, view])
  const told = model.told.value
  const failure = model.failure.value
  return (
    <div class="admin-list">
      {told !== null && <AuditChain chain={told.chain} now={told.serverTime} />}
      <AuditFilters view={view} people={told?.people ?? []} csv={exportAddress(askedOf(view))} />
      {failure !== null && (
        <p class="notice" role="alert">
          {text.failed(app.words.failure[failure])}
        </p>
      )}
      {told === null ? failure === null && <p class="empty">{text.loading}</p> : <Rows told={told} />}
      {told?.more === true && (
        <button class="btn" disabled={model.busy.value} onClick={() => void model.older()} data-testid="audit-older">
          {text.older}
        </button>
      )}
      <p class="hint">{text.looks}</p>
    </div>
  )
}

const Rows = ({ told }: { readonly told: Told }): JSX.Element => {
  const text = useApp().wordsWith(auditWords).audit
  if (told.rows.length === 0)
    return (
      <p class="empty" data-testid="admin-empty">
        {text.empty}
      </p>
    )
  const names = new Map<string, string>(told.people.map(({ userId, name }) => [userId, name]))
  return (
    <AdminTable name="audit" title={text.title} columns={text.columns}>
      {told.rows.map((row) => (
        <AuditRowView key={row.seq} row={row} names={names} now={told.serverTime} />
      ))}
    </AdminTable>
  )
}
