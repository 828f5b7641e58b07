import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { pumpWords } from '#dashboard/core/pump-words.ts'
import { rosterWords } from '#dashboard/core/roster-words.ts'
import { nbsp } from '#dashboard/core/format.ts'
import { routeTo } from '#dashboard/core/route.ts'
import type { AnyColumn } from '#dashboard/core/roster-columns.ts'
import { columnsOf } from '#dashboard/core/roster-columns.ts'
import type { RosterPartProps } from './roster-bar.tsx'
import { RosterState, cellText, channelOfRow, isStale } from './roster-cell.tsx'
import { freshnessOf } from './pump-freshness.ts'
import { useApp } from './state/app-state.ts'
import type { ShownRow } from './state/roster-model.ts'
import { useRowPlace, useRowWindow } from './row-window.ts'
import type { Place } from './row-window.ts'

/** Three lines; a long one makes it higher. */
const leastHeight = 104

/** On a phone: three lines a pump, identity and state, then what it gives, then how long it lasts. */
export const RosterList = ({ roster, view, count }: RosterPartProps & { readonly count: number }): JSX.Element => {
  const { scroller, body, rows, place } = useRowWindow<HTMLUListElement>({ least: leastHeight, count, kept: null })
  const [first, last] = [rows[0] ?? 0, rows.at(-1) ?? 0]
  useEffect(() => roster.see(first, last), [roster, first, last, roster.told.value])
  const third = columnsOf(view.filter, []).find((column) => column !== 'label')
  return (
    <div class="roster-rows roster-phone" ref={scroller}>
      <ul class="roster-body" aria-labelledby="roster-title" ref={body}>
        {rows.map((row) => (
          <Item
            key={row}
            row={row}
            place={place}
            shown={roster.rows.value.get(row) ?? null}
            about={third ?? 'drug'}
            count={count}
          />
        ))}
      </ul>
    </div>
  )
}

interface ItemProps {
  readonly row: number
  readonly place: Place
  readonly shown: ShownRow | null
  /** What the view is about. */
  readonly about: AnyColumn
  readonly count: number
}

const Item = ({ row, place, shown, about, count }: ItemProps): JSX.Element => {
  const app = useApp()
  const element = useRowPlace<HTMLLIElement>(place, row)
  const words = app.wordsWith(pumpWords, rosterWords)
  const fresh = shown === null ? null : freshnessOf(app, channelOfRow(app, shown))
  const stale = fresh !== null && isStale(fresh)
  const text = (column: AnyColumn): string =>
    shown === null || column === 'label' || column === 'state' ? '' : cellText(app, shown, column)
  // without its column's head, what is not reported has to say what it is
  const said = (column: Exclude<AnyColumn, 'label'>, value = text(column)): string =>
    text(column) === words.notReported ? `${words.roster.heads[column]}: ${words.notReported}` : value
  // an old reading needs its time beside it, which leaves no room for the others
  const values = stale
    ? [`${words.roster.rateWas} ${text('rate')}`, text('data-age')]
    : [
        said('rate', `${text('rate')}${nbsp}mL/h`),
        about === 'drug'
          ? said('time-left', words.pump.batteryTime(text('time-left')))
          : `${words.roster.heads[about]}: ${text(about)}`,
        said('battery'),
        fresh?.ageMs == null || app.live.frozen.value ? text('data-age') : words.row.dataAge(text('data-age')),
      ]
  return (
    <li
      class={`roster-item ${stale ? 'hatch' : ''}`}
      data-testid="roster-row"
      data-pump={shown?.row.pump.pumpId}
      data-freshness={fresh?.look}
      aria-setsize={count}
      aria-posinset={row + 1}
      ref={element}
    >
      {shown !== null && (
        <>
          <p class="item-head">
            <a class="roster-link" href={routeTo({ name: 'pump', pumpId: shown.row.pump.pumpId })}>
              <b>{shown.row.pump.label ?? shown.row.pump.pumpId}</b>
              <span class="roster-second">
                {shown.row.pump.label === null ? words.roster.noLabel : shown.row.pump.pumpId}
                {shown.row.channelId !== null && `, ${words.roster.channel(shown.row.channelId)}`}
              </span>
            </a>
            <RosterState shown={shown} />
          </p>
          <p class="plate">
            {said('drug')}
            {shown.row.alike.length > 0 && (
              <span class="similar">{words.roster.similar(shown.row.alike.map(({ label }) => label).join(', '))}</span>
            )}
          </p>
          <p class="plate item-values">
            {values.map((value) => (
              <bdi key={value}>{value}</bdi>
            ))}
          </p>
        </>
      )}
    </li>
  )
}
