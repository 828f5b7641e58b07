import type { JSX } from 'preact'
import type { AlarmDetail } from '#domain/live/api.ts'
import { handOverWords } from '#dashboard/core/hand-over-words.ts'
import { historyWords } from '#dashboard/core/history-words.ts'
import { outcomeWords } from '#dashboard/core/outcome-words.ts'
import { timelineOf } from '#dashboard/core/episode-timeline.ts'
import type { TimelineStep } from '#dashboard/core/episode-timeline.ts'
import { took } from '#dashboard/core/format.ts'
import type { HistoryQuery } from '#dashboard/core/history-query.ts'
import { AskedNotice } from './asked-notice.tsx'
import { whereOf } from './alarm-place.ts'
import { historyHref } from './history-link.ts'
import { QuietGlyph } from './quiet-glyph.tsx'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import { useAsked } from './state/asked.ts'

/** The server had it, and the journal too. */
const shownAfterMs = 1_000

interface EpisodeProps {
  readonly query: HistoryQuery
  readonly episodeId: string
}

/** One episode, step by step, with the time between. */
export const HistoryEpisode = ({ query, episodeId }: EpisodeProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past
  const { asked, again } = useAsked<'episode'>({ what: 'episode', episodeId })
  const { body, failure } = asked.value
  return (
    <section class="card episode" aria-labelledby="episode-title">
      <a class="btn quiet screen-only" href={historyHref({ ...query, episode: null })}>
        {text.back}
      </a>
      {failure !== null && <AskedNotice failure={failure} again={again} shownOf={body?.serverTime ?? null} />}
      {body === null ? failure === null && <p class="hint">{text.loading}</p> : <Story detail={body} query={query} />}
    </section>
  )
}

const Story = ({ detail, query }: { readonly detail: AlarmDetail; readonly query: HistoryQuery }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(historyWords)
  const text = words.past
  const { alarm } = detail
  const { day, timeSeconds } = app.formats.value
  return (
    <>
      <header class="episode-head">
        <QuietGlyph priority={alarm.priority} filled={alarm.owner === null && alarm.endedAt === null} size={34} />
        <div>
          <h2 id="episode-title">{words.alarm[alarm.code].name}</h2>
          <p>
            {whereOf(app, alarm)}, {words.priority[alarm.priority]}
          </p>
          <p class="hint">
            {text.dataAsOf(timeSeconds(detail.serverTime))}.{' '}
            {alarm.resolved === null ? text.notJudged : outcomeOf(app, detail)}
          </p>
        </div>
      </header>
      <h3>
        {text.timeline}, {day(alarm.startedAt)}
      </h3>
      <ol class="timeline" data-testid="timeline">
        {timelineOf(detail).map((step, index) => (
          <li key={`${step.at} ${step.word} ${index}`} data-what={step.what}>
            <span class="timeline-at">
              <b>{timeSeconds(step.at)}</b>
              {step.uncertaintyMs > 0 && <span class="second">{text.uncertain(took(step.uncertaintyMs))}</span>}
            </span>
            <span class="timeline-since">{index === 0 ? '' : text.after(took(step.sincePreviousMs))}</span>
            <span>
              <b>{nameOf(app, step)}</b>
              {moreOf(app, step) !== '' && <span class="second">{moreOf(app, step)}</span>}
            </span>
          </li>
        ))}
      </ol>
      <a
        class="btn screen-only"
        href={historyHref({ ...query, view: 'replay', episode: null, at: alarm.observedAt + shownAfterMs })}
      >
        {text.replayThen}
      </a>
    </>
  )
}

const outcomeOf = (app: AppState, { alarm }: AlarmDetail): string =>
  alarm.resolved === null
    ? ''
    : `${app.wordsWith(outcomeWords).resolveClass[alarm.resolved.class]}, ${app.wordsWith(outcomeWords).finding[alarm.resolved.finding]}`

const nameOf = (app: AppState, { what, word }: TimelineStep): string =>
  what === 'noted'
    ? (app.wordsWith(historyWords).past.noted[word] ?? word)
    : app.wordsWith(historyWords).past.steps[what]

const moreOf = (app: AppState, { who, place, detail, what }: TimelineStep): string => {
  const words = app.wordsWith(handOverWords)
  const spoke =
    what === 'called' ? Object.entries(words.shift.spokeTo).find(([kind]) => kind === detail)?.[1] : undefined
  return [
    ...(who === null ? [] : [who]),
    ...(place === null ? [] : [words.onCall.places[place]]),
    ...(detail === null ? [] : [spoke ?? detail]),
  ].join(', ')
}
