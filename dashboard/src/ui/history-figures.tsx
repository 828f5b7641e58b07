import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Analytics } from '#domain/live/analytics.ts'
import { historyWords } from '#dashboard/core/history-words.ts'
import { age } from '#dashboard/core/format.ts'
import type { HistoryQuery } from '#dashboard/core/history-query.ts'
import { quietPumps } from '#dashboard/core/quiet-pumps.ts'
import { AskedNotice } from './asked-notice.tsx'
import { HistoryCauses } from './history-causes.tsx'
import { JudgedChart, MixChart, RateChart, TakeChart } from './history-charts.tsx'
import { percent } from './history-format.ts'
import { episodesHref, serverNow, spanOf } from './history-link.ts'
import { useApp } from './state/app-state.ts'
import { useAsked } from './state/asked.ts'

/** What alarms cost and what they were worth. Every number opens its episodes. */
export const HistoryFigures = ({ query }: { readonly query: HistoryQuery }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past
  const opened = useSignal(serverNow(app))
  const { from, to } = useMemo(() => spanOf(query, opened.value), [query.range, opened.value])
  const { asked, again } = useAsked<'analytics'>({
    what: 'analytics',
    from,
    to,
    by: query.by,
    simulated: query.simulated,
  })
  const { body, failure } = asked.value
  if (body === null)
    return failure === null ? (
      <p class="hint">{text.loading}</p>
    ) : (
      <AskedNotice failure={failure} again={again} shownOf={null} />
    )
  return (
    <>
      {failure !== null && <AskedNotice failure={failure} again={again} shownOf={body.serverTime} />}
      <Asked body={body} query={query} />
      {body.total.alarms === 0 && <p class="empty">{text.empty(momentOf(app, from, to), momentOf(app, to, to))}</p>}
      <Numbers body={body} query={query} />
      {body.total.alarms > 0 && (
        <>
          <RateChart load={body.load} />
          <div class="multiples">
            <MixChart total={body.total} query={query} />
            <JudgedChart total={body.total} query={query} />
            <TakeChart body={body} query={query} />
          </div>
          <HistoryCauses body={body} query={query} />
        </>
      )}
    </>
  )
}

const momentOf = (app: ReturnType<typeof useApp>, ms: number, now: number): string => app.formats.value.moment(ms, now)

const Asked = ({ body, query }: { readonly body: Analytics; readonly query: HistoryQuery }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past
  const { day, time, timeSeconds } = app.formats.value
  const at = (ms: number): string => `${day(ms)} ${time(ms)}`
  return (
    <p class="asked">
      <span>{text.asked(at(body.from), at(body.to), query.simulated ? text.simulated : text.real)}</span>
      <span data-testid="history-as-of">{text.dataAsOf(timeSeconds(body.serverTime))}</span>
      <button class="btn screen-only" onClick={() => print()}>
        {text.print}
      </button>
    </p>
  )
}

interface NumberProps {
  readonly name: string
  readonly value: string
  readonly note: string | null
  readonly href: string | null
}

const Figure = ({ name, value, note, href }: NumberProps): JSX.Element => (
  <div>
    <dt>{name}</dt>
    <dd>
      <bdi>{href === null ? <b>{value}</b> : <a href={href}>{value}</a>}</bdi>
    </dd>
    <dd class="second">{note}</dd>
  </div>
)

const Numbers = ({ body, query }: { readonly body: Analytics; readonly query: HistoryQuery }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past.figures
  const { total, load } = body
  const count = app.formats.value.count
  const quiet = useQuietPumps()
  const take = total.toAcceptedMs
  const link = (trait: string | null): string => episodesHref(query, trait === null ? {} : { trait })
  return (
    <dl class="numbers" data-testid="numbers">
      <Figure name={text.alarms} value={count(total.alarms)} note={null} href={link(null)} />
      <Figure
        name={text.perNurseHour}
        value={load.perNurseHour === null ? text.none : load.perNurseHour.toFixed(2)}
        note={text.nurses(load.nurses)}
        href={link(null)}
      />
      <Figure
        name={text.flood}
        value={percent(app, load.floodShare)}
        note={text.floodNote(load.mostInTenMinutes)}
        href={null}
      />
      <Figure
        name={text.take}
        value={take === null ? text.none : age(take.median)}
        note={take === null ? text.takeNone : text.takeNote(age(take.p95), age(take.max))}
        href={link('taken')}
      />
      <Figure name={text.cameBack} value={count(total.cameBack)} note={text.cameBackNote} href={link('came-back')} />
      <Figure
        name={text.chattering}
        value={count(total.chattering)}
        note={text.chatteringNote}
        href={link('chattering')}
      />
      <Figure name={text.standing} value={count(total.standing)} note={null} href={link('standing')} />
      <Figure name={text.quiet} value={count(quiet.length)} note={text.quietNote} href={null} />
    </dl>
  )
}

const useQuietPumps = (): readonly string[] => {
  const { live } = useApp()
  const alarms = live.alarms.value
  const pumps = live.pumps.value
  const now = live.now.value
  return useMemo(() => {
    const alarmed = new Set([...alarms.values()].flatMap(({ pumpId, hubId }) => [pumpId ?? '', hubId ?? '']))
    const facts = pumps.map((pump) => {
      const { hubId, link } = pump.identity.peek()
      return { pumpId: pump.id, hubId, link, receivedAt: pump.receivedAt.peek() }
    })
    return now === null ? [] : quietPumps(facts, alarmed, now)
  }, [alarms, pumps, now === null ? null : Math.floor(now / 60_000)])
}
