import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { AlarmView } from '#domain/live/views.ts'
import { historyWords } from '#dashboard/core/history-words.ts'
import { csv } from '#dashboard/core/csv.ts'
import { timeToTake } from '#dashboard/core/episode-timeline.ts'
import { filterNames } from '#dashboard/core/history-query.ts'
import type { HistoryQuery } from '#dashboard/core/history-query.ts'
import type { ApiFailure } from '#dashboard/core/worker-protocol.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'

const pageSize = 500
const most = 20_000

interface ToolsProps {
  readonly query: HistoryQuery
  readonly span: { readonly from: number; readonly to: number }
}

/** Print and CSV carry the question, the time of the data and what this software is not. No label: pump ids only. */
export const EpisodeTools = ({ query, span }: ToolsProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past
  const busy = useSignal(false)
  const failure = useSignal<ApiFailure | null>(null)
  const save = async (): Promise<void> => {
    busy.value = true
    const got = await allOf(app, query, span)
    busy.value = false
    failure.value = got.failure
    if (got.failure === null) download(`episodes-${query.range}.csv`, fileOf(app, query, span, got))
  }
  return (
    <span class="tools screen-only">
      {failure.value !== null && <span role="alert">{app.words.failure[failure.value]}</span>}
      <button class="btn" data-testid="csv" disabled={busy.value} onClick={() => void save()}>
        {busy.value ? text.exporting : text.csv}
      </button>
      <button class="btn" onClick={() => print()}>
        {text.print}
      </button>
    </span>
  )
}

interface Gathered {
  readonly alarms: readonly AlarmView[]
  readonly asOf: number
  readonly cut: boolean
  readonly failure: ApiFailure | null
}

const allOf = async (app: AppState, query: HistoryQuery, span: ToolsProps['span']): Promise<Gathered> => {
  const alarms: AlarmView[] = []
  let asOf = span.to
  while (alarms.length < most) {
    const answer = await app.link.request<'episodes'>({
      what: 'episodes',
      ...span,
      simulated: query.simulated,
      filter: query.filter,
      before: alarms.at(-1)?.startedAt ?? null,
      limit: pageSize,
    })
    if (!answer.ok) return { alarms, asOf, cut: false, failure: answer.failure }
    asOf = answer.body.serverTime
    alarms.push(...answer.body.alarms)
    if (answer.body.alarms.length < pageSize) return { alarms, asOf, cut: false, failure: null }
  }
  return { alarms, asOf, cut: true, failure: null }
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

const fileOf = (app: AppState, query: HistoryQuery, span: ToolsProps['span'], got: Gathered): string => {
  const words = app.wordsWith(historyWords)
  const asked = filterNames.flatMap((name) =>
    query.filter[name] === undefined ? [] : [`${name}=${query.filter[name]}`],
  )
  const what = [query.simulated ? words.past.simulated : words.past.real, ...asked].join(' ')
  const head = [
    [words.past.asked(iso(span.from) ?? '', iso(span.to) ?? '', what)],
    [words.past.dataAsOf(iso(got.asOf) ?? '')],
    [words.notMedicalDevice],
    ...(got.cut ? [[words.past.cut(String(most))]] : []),
  ]
  const columns = [
    'episode', 'pump', 'hub', 'channel', 'code', 'alarm', 'priority', 'condition', 'started', 'told', 'ended', 'takenAfterSeconds',
    'owner', 'cameBack', 'class', 'finding', 'simulated',
  ] // prettier-ignore
  const rows = got.alarms.map((alarm) => {
    const take = timeToTake(alarm)
    return [
      alarm.episodeId,
      alarm.pumpId,
      alarm.hubId,
      alarm.channelId,
      alarm.code,
      words.alarm[alarm.code].name,
      alarm.priority,
      alarm.condition,
      iso(alarm.startedAt),
      iso(alarm.observedAt),
      iso(alarm.endedAt),
      take === null ? null : Math.round(take / 1000),
      alarm.owner?.name ?? null,
      alarm.recurrence,
      alarm.resolved?.class ?? null,
      alarm.resolved?.finding ?? null,
      String(alarm.simulated),
    ]
  })
  return csv([...head, columns, ...rows])
}

const download = (name: string, text: string): void => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
