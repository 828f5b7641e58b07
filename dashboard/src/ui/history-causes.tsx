import type { JSX } from 'preact'
import type { Analytics, Baseline } from '#domain/live/analytics.ts'
import { historyWords } from '#dashboard/core/history-words.ts'
import { age, nbsp } from '#dashboard/core/format.ts'
import { analyticsGroups, filterOfGroup } from '#dashboard/core/history-query.ts'
import type { HistoryQuery } from '#dashboard/core/history-query.ts'
import { groupName, percent } from './history-format.ts'
import { episodesHref, historyHref } from './history-link.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'

interface CausesProps {
  readonly body: Analytics
  readonly query: HistoryQuery
}

/** Most alarms first, with what each cost and was worth; beside them what was published. */
export const HistoryCauses = ({ body, query }: CausesProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past
  const columns = text.causeColumns
  const most = Math.max(1, ...body.rows.map(({ alarms }) => alarms))
  return (
    <div class="causes">
      <div class="card">
        <div class="causes-head">
          <h2>{text.causes}</h2>
          <nav class="segments" aria-label={text.by}>
            {analyticsGroups.map((by) => (
              <a key={by} href={historyHref({ ...query, by })} aria-current={query.by === by ? 'true' : undefined}>
                {text.groups[by]}
              </a>
            ))}
          </nav>
        </div>
        <div class="table-scroll" tabIndex={0} role="region" aria-label={text.causes}>
          <table class="data-table figures-table">
            <thead>
              <tr>
                <th scope="col">{text.groups[body.by]}</th>
                <th scope="col" class="figure">
                  {columns.alarms}
                </th>
                <th scope="col" aria-hidden="true" class="bar-cell" />
                {(['high', 'duration', 'take', 'false', 'night', 'pages'] as const).map((name) => (
                  <th key={name} scope="col" class="figure">
                    {columns[name]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {body.rows.map((row) => {
                const filter = filterOfGroup(body.by, row.key)
                const name = groupName(app, body.by, row.key)
                return (
                  <tr key={row.key} data-key={row.key}>
                    <th scope="row">{filter === null ? name : <a href={episodesHref(query, filter)}>{name}</a>}</th>
                    <td class="figure">{app.formats.value.count(row.alarms)}</td>
                    <td class="bar-cell" aria-hidden="true">
                      <svg width="120" height="12">
                        <rect class="bar" x="0" y="1" width={(row.alarms / most) * 120} height="10" />
                      </svg>
                    </td>
                    <td class="figure">
                      {filter === null || row.high === 0 ? (
                        app.formats.value.count(row.high)
                      ) : (
                        <a href={episodesHref(query, { ...filter, priority: 'high' })}>
                          {app.formats.value.count(row.high)}
                        </a>
                      )}
                    </td>
                    <td class="figure">{row.durationMs === null ? text.figures.none : age(row.durationMs.median)}</td>
                    <td class="figure">{row.toAcceptedMs === null ? text.notTaken : age(row.toAcceptedMs.median)}</td>
                    <td class="figure">
                      {filter === null || row.false === null ? (
                        percent(app, row.false)
                      ) : (
                        <a href={episodesHref(query, { ...filter, class: 'false' })}>{percent(app, row.false)}</a>
                      )}
                    </td>
                    <td class="figure">{percent(app, row.nightShare)}</td>
                    <td class="figure">{row.pagesPerAccepted ?? text.figures.none}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      </div>
      <section class="card published" aria-labelledby="published-title">
        <h2 id="published-title">{text.published}</h2>
        <p class="second">{text.publishedNote}</p>
        <dl>
          {body.baselines.map((one) => (
            <div key={one.figure + one.source}>
              <dt>
                {text.baseline[one.figure] ?? one.figure}
                <span class="second">{one.source}</span>
              </dt>
              <dd>
                <bdi>{baselineValue(app, one)}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  )
}

const baselineValue = (app: AppState, { value, unit }: Baseline): string => {
  if (unit === 'ms') return age(value)
  if (unit === 'share') return percent(app, value)
  return unit === '1' ? String(value) : `${value}${nbsp}${unit.replace('1/', '/')}`
}
