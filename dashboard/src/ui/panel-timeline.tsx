import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { AlarmDetail } from '#domain/live/api.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { panelWords } from '#dashboard/core/panel-words.ts'
import type { AppState } from './state/app-state.ts'
import { useApp } from './state/app-state.ts'

interface Line {
  readonly at: number
  readonly what: string
  readonly detail: string | null
}

/** The alarm's story from the journal, with whom it paged: asked anew with every change. */
export const PanelTimeline = ({ alarm }: { readonly alarm: AlarmView }): JSX.Element => {
  const app = useApp()
  const { formats, live } = app
  const words = app.wordsWith(panelWords)
  const told = useSignal<AlarmDetail | 'failed' | null>(null)
  const note = live.paged.value.get(alarm.episodeId)
  const changed = `${alarm.version} ${alarm.condition} ${alarm.priority} ${note?.last?.at ?? ''} ${note?.last?.progress ?? ''}`
  useEffect(() => {
    let current = true
    const ask = async (): Promise<void> => {
      const answer = await app.link.request<'alarm'>({ what: 'alarm', episodeId: alarm.episodeId })
      if (current) told.value = answer.ok ? answer.body : 'failed'
    }
    void ask()
    return () => {
      current = false
    }
  }, [app, alarm.episodeId, changed, told])
  const detail = told.value
  const now = live.now.value
  return (
    <section aria-label={words.panel.timeline}>
      <h3>{words.panel.timeline}</h3>
      {detail === 'failed' && <p class="hint">{words.panel.timelineFailed}</p>}
      {detail !== null && detail !== 'failed' && (
        <>
          <ol class="panel-timeline" data-testid="timeline">
            {linesOf(app, detail).map((line, index) => (
              <li key={index}>
                <time>{formats.value.moment(line.at, now ?? line.at)}</time>
                <span>
                  {line.what}
                  {line.detail !== null && <span class="second">{line.detail}</span>}
                </span>
              </li>
            ))}
          </ol>
          <Notes detail={detail} />
        </>
      )}
    </section>
  )
}

const linesOf = (app: AppState, { history, paging }: AlarmDetail): readonly Line[] => {
  const { formats } = app
  const { panel, onCall } = app.wordsWith(panelWords)
  const time = formats.value.timeSeconds
  const steps = history.map(({ at, what, by, detail }): Line => {
    const step = panel.steps[what] ?? what
    return {
      at,
      what: by === null ? step : `${step}, ${by.name}`,
      detail: typeof detail['reason'] === 'string' ? detail['reason'] : null,
    }
  })
  const calls = paging.calls.map(({ at, to, place, audibleAt, viewedAt }): Line => ({
    at,
    what: panel.paged(to.name, onCall.places[place]),
    detail:
      [
        audibleAt === null ? null : panel.heard(time(audibleAt)),
        viewedAt === null ? null : panel.viewed(time(viewedAt)),
      ]
        .filter((part) => part !== null)
        .join(', ') || null,
  }))
  const passed = paging.passed.map(({ at, place }): Line => ({
    at,
    what: panel.passed(onCall.places[place]),
    detail: null,
  }))
  return [...steps, ...calls, ...passed].toSorted((a, b) => b.at - a.at)
}

/** What was written down, the newest version of it. */
const Notes = ({ detail }: { readonly detail: AlarmDetail }): JSX.Element | null => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(panelWords)
  const last = detail.triage.at(-1)
  if (last === undefined) return null
  const { record, by, at } = last
  const lines = [
    record.calledAt === null ? null : `${words.triage.calledAt} ${formats.value.time(record.calledAt)}`,
    record.spokeTo === null ? null : `${words.triage.spokeTo}: ${words.triage.spokeToWords[record.spokeTo]}`,
    record.action,
    record.outcome,
  ].filter((line) => line !== null && line !== '')
  return (
    <div class="panel-note">
      <b>{words.panel.notes}</b>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <span class="second">
        {words.panel.noted(by.name)} {formats.value.time(at)}
      </span>
    </div>
  )
}
