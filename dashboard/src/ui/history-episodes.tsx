import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { historyWords } from '#dashboard/core/history-words.ts'
import { outcomeWords } from '#dashboard/core/outcome-words.ts'
import { timeToTake } from '#dashboard/core/episode-timeline.ts'
import { age } from '#dashboard/core/format.ts'
import type { HistoryQuery } from '#dashboard/core/history-query.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { AskedNotice } from './asked-notice.tsx'
import { whereOf } from './alarm-place.ts'
import { EpisodeTools } from './history-export.tsx'
import { EpisodeFilters } from './history-filters.tsx'
import { historyHref, serverNow, spanOf } from './history-link.ts'
import { QuietGlyph } from './quiet-glyph.tsx'
import { useApp } from './state/app-state.ts'
import { EpisodesModel } from './state/episodes-model.ts'

/** Episodes that the server was told of in the time, newest first, page by page. */
export const HistoryEpisodes = ({ query }: { readonly query: HistoryQuery }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past
  const opened = useSignal(serverNow(app))
  const span = useMemo(() => spanOf(query, opened.value), [query.range, opened.value])
  const key = JSON.stringify([query.filter, query.simulated, span])
  const model = useMemo(() => new EpisodesModel(app.link, { ...span, ...query }), [app, key])
  useEffect(() => void model.more(), [model])
  const { list, failure, waiting, complete, asOf } = model
  const { day, time } = app.formats.value
  const at = (ms: number): string => `${day(ms)} ${time(ms)}`
  return (
    <div class="history-part">
      <EpisodeFilters query={query} />
      <p class="asked">
        <span>
          {text.asked(at(span.from), at(span.to), query.simulated ? text.simulated : text.real)},{' '}
          {text.count(list.value.length)}
        </span>
        {asOf.value !== null && <span>{text.dataAsOf(app.formats.value.timeSeconds(asOf.value))}</span>}
        <EpisodeTools query={query} span={span} />
      </p>
      {failure.value !== null && (
        <AskedNotice failure={failure.value} again={() => void model.more()} shownOf={asOf.value} />
      )}
      {list.value.length === 0 && complete.value ? (
        <p class="empty">{text.empty(at(span.from), at(span.to))}</p>
      ) : (
        <EpisodeTable list={list.value} query={query} />
      )}
      {waiting.value && <p class="hint">{text.loading}</p>}
      {!complete.value && !waiting.value && list.value.length > 0 && (
        <button class="btn screen-only" data-testid="older" onClick={() => void model.more()}>
          {text.more}
        </button>
      )}
    </div>
  )
}

interface TableProps {
  readonly list: readonly AlarmView[]
  readonly query: HistoryQuery
}

const EpisodeTable = ({ list, query }: TableProps): JSX.Element => {
  const text = useApp().wordsWith(historyWords).past
  const body = useRef<HTMLTableSectionElement>(null)
  const move = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const links = [...(body.current?.querySelectorAll('a') ?? [])]
    const here = links.findIndex((link) => link === document.activeElement)
    if (by === 0 || here < 0) return
    event.preventDefault()
    links[here + by]?.focus()
  }
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={text.views.episodes} onKeyDown={move}>
      <table class="data-table episodes">
        <thead>
          <tr>
            {(['started', 'alarm', 'where', 'lasted', 'taken', 'owner', 'outcome'] as const).map((name) => (
              <th key={name} scope="col">
                {text.columns[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {list.map((alarm) => (
            <EpisodeRow key={alarm.episodeId} alarm={alarm} query={query} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const EpisodeRow = ({ alarm, query }: { readonly alarm: AlarmView; readonly query: HistoryQuery }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(historyWords, outcomeWords)
  const text = words.past
  const now = app.live.now.value ?? alarm.observedAt
  const take = timeToTake(alarm)
  return (
    <tr data-testid="episode" data-episode={alarm.episodeId}>
      <td>{app.formats.value.moment(alarm.startedAt, now)}</td>
      <th scope="row">
        <span class="with-glyph">
          <QuietGlyph priority={alarm.priority} filled={false} size={20} />
          <span>
            <a href={historyHref({ ...query, episode: alarm.episodeId })}>{words.alarm[alarm.code].name}</a>
            <span class="second">{words.priority[alarm.priority]}</span>
          </span>
        </span>
      </th>
      <td>{whereOf(app, alarm)}</td>
      <td>{alarm.endedAt === null ? text.goesOn : age(alarm.endedAt - alarm.startedAt)}</td>
      <td>{take === null ? text.notTaken : age(take)}</td>
      <td>{alarm.owner?.name ?? ''}</td>
      <td>
        {alarm.resolved === null ? text.notJudged : words.resolveClass[alarm.resolved.class]}
        {alarm.resolved !== null && <span class="second">{words.finding[alarm.resolved.finding]}</span>}
      </td>
    </tr>
  )
}
