import type { JSX } from 'preact'
import { auditActions } from '#domain/audit/entry.ts'
import type { Person } from '#domain/live/views.ts'
import { auditRanges, formatAudit, isFiltered, parseAudit } from '#dashboard/core/audit-query.ts'
import type { AuditView } from '#dashboard/core/audit-query.ts'
import { auditWords } from '#dashboard/core/audit-words.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { FilterText } from './filter-text.tsx'
import { useApp } from './state/app-state.ts'

interface Props {
  readonly view: AuditView
  readonly people: readonly Person[]
  /** Address of the same as CSV. */
  readonly csv: string
}

const href = (view: AuditView): string => routeTo({ name: 'audit', query: formatAudit(view) })

/** What is asked for; it stands in the address, so a link shows the same. */
export const AuditFilters = ({ view, people, csv }: Props): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(auditWords).audit
  const choose = (change: Partial<Record<keyof AuditView, string>>): void => {
    location.hash = href(parseAudit(new URLSearchParams({ ...view, ...change }).toString()))
  }
  const actors = [
    ...people.map(({ userId, name }) => ({ id: userId as string, name })),
    ...Object.entries(text.actors).map(([id, name]) => ({ id, name })),
  ]
  const unlisted = view.actor !== '' && !actors.some(({ id }) => id === view.actor)
  return (
    <form class="admin-bar" aria-label={text.filter} onSubmit={(event) => event.preventDefault()}>
      <nav class="segments" aria-label={text.range}>
        {auditRanges.map((range) => (
          <a key={range} href={href({ ...view, range })} aria-current={range === view.range ? 'true' : undefined}>
            {text.ranges[range]}
          </a>
        ))}
      </nav>
      <Choice label={text.person} testId="audit-person" value={view.actor} choose={(actor) => choose({ actor })}>
        <option value="">{text.any}</option>
        {unlisted && <option value={view.actor}>{view.actor.replace(/^hub:/, '')}</option>}
        {actors.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice label={text.act} testId="audit-act" value={view.action} choose={(action) => choose({ action })}>
        <option value="">{text.any}</option>
        {auditActions.map((action) => (
          <option key={action} value={action}>
            {text.actions[action]}
          </option>
        ))}
      </Choice>
      <label>
        <span>{text.object}</span>
        <FilterText
          value={view.object}
          placeholder={text.objectHint}
          testId="audit-object"
          take={(object) => choose({ object })}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={view.outcome === 'refused'}
          onChange={(event) => choose({ outcome: event.currentTarget.checked ? 'refused' : '' })}
          data-testid="audit-refused"
        />
        <span>{text.refusedOnly}</span>
      </label>
      {isFiltered(view) && (
        <a class="btn" href={href({ ...parseAudit(''), range: view.range })}>
          {text.clear}
        </a>
      )}
      <a class="btn at-end" href={csv} download="audit.csv" title={text.csvHint} data-testid="audit-csv">
        {text.csv}
      </a>
    </form>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly testId: string
  readonly value: string
  readonly choose: (value: string) => void
  readonly children: JSX.Element | readonly (JSX.Element | readonly JSX.Element[] | false)[]
}

const Choice = ({ label, testId, value, choose, children }: ChoiceProps): JSX.Element => (
  <label>
    <span>{label}</span>
    <select data-testid={testId} value={value} onChange={(event) => choose(event.currentTarget.value)}>
      {children}
    </select>
  </label>
)
