import type { JSX } from 'preact'
import type { AuditPage } from '#domain/audit/api.ts'
import { formatAudit, parseAudit } from '#dashboard/core/audit-query.ts'
import { auditWords } from '#dashboard/core/audit-words.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { useApp } from './state/app-state.ts'

interface Props {
  readonly row: AuditPage['rows'][number]
  readonly names: ReadonlyMap<string, string>
  readonly now: number
}

/** One row; its person and its object are links to all rows of theirs. */
export const AuditRowView = ({ row, names, now }: Props): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(auditWords).audit
  const screen = app.screen.value
  const view = parseAudit(screen.name === 'audit' ? screen.query : undefined)
  const only = (change: object): string => routeTo({ name: 'audit', query: formatAudit({ ...view, ...change }) })
  const { formats } = app
  const refused = row.outcome === 'refused'
  return (
    <tr data-testid="audit-row" data-outcome={row.outcome}>
      <td data-column="at" title={formats.value.dateTime(row.ts)}>
        {formats.value.momentSeconds(row.ts, now)}
      </td>
      <th scope="row" data-column="who">
        <a href={only({ actor: row.actor })}>{whoOf(row.actor, names, text.actors)}</a>
      </th>
      <td data-column="what">
        {text.actions[row.action]} {refused && <b class="mark refused">{text.refused}</b>}
      </td>
      <td data-column="on">
        <a href={only({ object: row.object })}>{thingOf(row.object, names, text.lists)}</a>
      </td>
      <td data-column="row" title={text.hash(row.hash)}>
        <b>{formats.value.count(row.seq)}</b> <span class="hash">{row.hash.slice(0, 8)}</span>
      </td>
    </tr>
  )
}

const known = (words: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(words, key) ? words[key] : undefined

const whoOf = (actor: string, names: ReadonlyMap<string, string>, actors: Readonly<Record<string, string>>): string =>
  names.get(actor) ?? known(actors, actor) ?? actor.replace(/^hub:/, '')

const thingOf = (
  object: string,
  names: ReadonlyMap<string, string>,
  lists: Readonly<Record<string, string>>,
): JSX.Element | string => {
  const at = object.indexOf(':')
  const kind = object.slice(0, at)
  const id = object.slice(at + 1)
  if (kind === 'list') return known(lists, id) ?? id
  return (
    <>
      <span class="kind">{kind}</span> {kind === 'user' ? (names.get(id) ?? id) : id}
    </>
  )
}
