import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { PumpId } from '#domain/ids.ts'
import type { RosterRow } from '#domain/live/roster.ts'
import { rosterWords } from '#dashboard/core/roster-words.ts'
import { gridMove } from '#dashboard/core/grid-keys.ts'
import type { GridCell } from '#dashboard/core/grid-keys.ts'
import { columnsOf, sortOfColumn, tracksOf } from '#dashboard/core/roster-columns.ts'
import type { AnyColumn } from '#dashboard/core/roster-columns.ts'
import { shownSort, sortedBy } from '#dashboard/core/roster-view.ts'
import { routeTo } from '#dashboard/core/route.ts'
import type { RosterPartProps } from './roster-bar.tsx'
import { RosterIdentity, RosterState, cellText, channelOfRow, isStale } from './roster-cell.tsx'
import { freshnessOf } from './pump-freshness.ts'
import { useApp } from './state/app-state.ts'
import type { AssignModel } from './state/assign-model.ts'
import type { ShownRow } from './state/roster-model.ts'
import { useRowPlace, useRowWindow } from './row-window.ts'
import type { Place } from './row-window.ts'

/** What cannot be cut off makes a row higher. */
const leastHeight = 44

/** The list as an ARIA grid: one stop for Tab, arrows inside, and only the rows that are seen are there. */
export const RosterGrid = ({
  roster,
  assign,
  view,
  goTo,
  count,
}: RosterPartProps & { readonly count: number }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(rosterWords)
  const columns = columnsOf(view.filter, view.hidden)
  const focused = useSignal<GridCell>({ row: 0, column: 0 })
  const moved = useRef(false)
  const grid = useRef<HTMLDivElement>(null)
  const at: GridCell = {
    row: Math.min(focused.value.row, count - 1),
    column: Math.min(focused.value.column, columns.length - 1),
  }
  const { scroller, body, rows, page, place } = useRowWindow<HTMLDivElement>({
    least: leastHeight,
    count,
    kept: at.row < 0 ? null : at.row,
  })
  const [first, last] = [rows[0] ?? 0, rows.at(-1) ?? 0]
  useEffect(() => roster.see(first, last), [roster, first, last, roster.told.value])
  const shownIds = rows.flatMap((row) => roster.rows.value.get(row)?.row.pump.pumpId ?? [])
  useWatched(shownIds)

  // After a key the cell that is meant gets the focus, once it is there.
  useLayoutEffect(() => {
    if (!moved.current) return
    const cell = grid.current?.querySelector<HTMLElement>(`[data-cell="${at.row} ${at.column}"]`)
    if (cell == null) return
    moved.current = false
    const target = cell.matches('[tabindex]') ? cell : cell.querySelector<HTMLElement>('a, button')
    target?.focus({ preventScroll: true })
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })

  const onKeyDown = (event: KeyboardEvent): void => {
    const rtl = document.documentElement.dir === 'rtl'
    const to = gridMove(
      at,
      { key: event.key, ctrl: event.ctrlKey || event.metaKey },
      { rows: count, columns: columns.length, page },
      rtl,
    )
    if (event.key === 'Enter' && at.row >= 0) {
      const shown = roster.rows.peek().get(at.row)
      if (shown !== undefined) location.hash = routeTo({ name: 'pump', pumpId: shown.row.pump.pumpId })
      return event.preventDefault()
    }
    if (event.key === ' ' && at.row >= 0 && assign.chosen.peek() !== null) {
      const shown = roster.rows.peek().get(at.row)
      if (shown !== undefined) assign.toggle(shown.row)
      return event.preventDefault()
    }
    if (to === null) return
    event.preventDefault()
    event.stopPropagation()
    moved.current = true
    focused.value = to
  }
  const { tracks, width } = tracksOf(columns)
  useLayoutEffect(() => {
    scroller.current?.style.setProperty('--roster-tracks', tracks)
    scroller.current?.style.setProperty('--roster-width', `${width}px`)
  }, [scroller, tracks, width])
  const sort = shownSort(view)
  // two columns may show one order: the first of them is marked
  const sortedColumn = columns.find((column) => sortOfColumn(column) === sort)
  return (
    <>
      <p class="sr" id="roster-help">
        {words.roster.help}
      </p>
      <div
        class="roster-rows"
        ref={grid}
        role="grid"
        aria-labelledby="roster-title"
        aria-describedby="roster-help"
        aria-rowcount={count + 1}
        aria-colcount={columns.length}
        data-testid="roster-grid"
        onKeyDown={onKeyDown}
      >
        <div class="roster-scroll" ref={scroller}>
          <div class="roster-row roster-heads" role="row" aria-rowindex={1}>
            {columns.map((column, index) => {
              const by = sortOfColumn(column)
              const sorted = column === sortedColumn
              const stop = at.row === -1 && at.column === index ? 0 : -1
              return (
                <div
                  key={column}
                  class={`roster-cell col-${column}`}
                  role="columnheader"
                  aria-colindex={index + 1}
                  aria-sort={sorted ? (view.descending ? 'descending' : 'ascending') : undefined}
                  data-cell={`-1 ${index}`}
                  {...(by === null ? { tabIndex: stop } : {})}
                >
                  {by === null ? (
                    words.roster.heads[column]
                  ) : (
                    <button
                      tabIndex={stop}
                      onFocus={() => (focused.value = { row: -1, column: index })}
                      onClick={() => goTo(sortedBy(view, by, sort))}
                    >
                      {words.roster.heads[column]}
                      <span class="sort-mark" aria-hidden="true">
                        {sorted ? (view.descending ? '▾' : '▴') : ''}
                      </span>
                    </button>
                  )}
                </div>
              )
            })}
          </div>
          <div class="roster-body" role="rowgroup" ref={body}>
            {rows.map((row) => (
              <Row
                key={row}
                row={row}
                place={place}
                shown={roster.rows.value.get(row) ?? null}
                assign={assign}
                columns={columns}
                stop={row === at.row ? at.column : null}
                focus={(column) => (focused.value = { row, column })}
              />
            ))}
          </div>
        </div>
      </div>
    </>
  )
}

/** A list that is scrolled asks for its pumps once it rests, not at every row. */
const watchRestMs = 400

const useWatched = (pumpIds: readonly PumpId[]): void => {
  const { link } = useApp()
  const ids = useRef(pumpIds)
  ids.current = pumpIds
  const key = pumpIds.join()
  useEffect(() => {
    const timer = setTimeout(() => link.post({ kind: 'watch', pumpIds: ids.current }), watchRestMs)
    return () => clearTimeout(timer)
  }, [link, key])
  useEffect(() => () => link.post({ kind: 'watch', pumpIds: [] }), [link])
}

interface RowProps {
  readonly row: number
  readonly place: Place
  /** Null: it is on its way. */
  readonly shown: ShownRow | null
  readonly assign: AssignModel
  readonly columns: readonly AnyColumn[]
  /** Column that Tab stops at; null: another row has the stop. */
  readonly stop: number | null
  readonly focus: (column: number) => void
}

const Row = ({ row, place, shown, assign, columns, stop, focus }: RowProps): JSX.Element => {
  const app = useApp()
  const element = useRowPlace<HTMLDivElement>(place, row)
  const fresh = shown === null ? null : freshnessOf(app, channelOfRow(app, shown))
  const stale = fresh !== null && isStale(fresh)
  return (
    <div
      class={`roster-row ${stale ? 'hatch' : ''} ${fresh?.look === 'aged' ? 'aged' : ''}`}
      role="row"
      aria-rowindex={row + 2}
      data-testid="roster-row"
      data-pump={shown?.row.pump.pumpId}
      data-freshness={fresh?.look}
      ref={element}
    >
      {columns.map((column, index) => {
        const tabIndex = index === stop ? 0 : -1
        const inside = column === 'label' && shown !== null
        return (
          <div
            key={column}
            class={`roster-cell col-${column}`}
            role={column === 'label' ? 'rowheader' : 'gridcell'}
            aria-colindex={index + 1}
            data-cell={`${row} ${index}`}
            onFocusIn={() => focus(index)}
            {...(inside ? {} : { tabIndex })}
          >
            {shown === null ? (
              <span class="hint">…</span>
            ) : column === 'label' ? (
              <>
                <Choice row={shown.row} assign={assign} />
                <RosterIdentity row={shown.row} focus={tabIndex} />
              </>
            ) : column === 'state' ? (
              <RosterState shown={shown} />
            ) : (
              <bdi class="plate">{cellText(app, shown, column)}</bdi>
            )}
          </div>
        )
      })}
    </div>
  )
}

/** Keys choose by Space on the line, so Tab does not stop here. */
const Choice = ({ row, assign }: { readonly row: RosterRow; readonly assign: AssignModel }): JSX.Element | null => {
  const words = useApp().wordsWith(rosterWords)
  const chosen = assign.chosen.value
  if (chosen === null || row.useVersion === null) return null
  const { pumpId, label } = row.pump
  return (
    <input
      type="checkbox"
      class="roster-choice"
      data-testid="roster-choice"
      tabIndex={-1}
      aria-label={words.roster.choose(label ?? words.roster.noLabel, pumpId)}
      checked={chosen.has(pumpId)}
      onChange={() => assign.toggle(row)}
    />
  )
}
