import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { rateLineOf } from '#dashboard/core/rate-line.ts'
import type { RateLineShape } from '#dashboard/core/rate-line.ts'
import { rateWords } from '#dashboard/core/rate-words.ts'
import { useApp } from './state/app-state.ts'

const spanMs = 12 * 3_600_000
const askEveryMs = 300_000
const height = 40

/** New alarms of the last twelve hours, as the server counts them. A quiet list that was never quiet is worth a look. */
export const RateLine = (): JSX.Element | null => {
  const app = useApp()
  const { rate } = app.wordsWith(rateWords)
  const shape = useSignal<RateLineShape | 'failed' | null>(null)
  useEffect(() => {
    const ask = async (): Promise<void> => {
      const to = app.live.serverNow(performance.now())
      if (to === null) return
      const simulated = app.me.peek()?.demo === true
      const answer = await app.link.request<'analytics'>({
        what: 'analytics',
        from: Math.round(to - spanMs),
        to: Math.round(to),
        by: 'code',
        simulated,
      })
      shape.value = answer.ok ? rateLineOf(answer.body.load, Math.round(to), height) : 'failed'
    }
    void ask()
    const timer = setInterval(() => void ask(), askEveryMs)
    return () => clearInterval(timer)
  }, [app, shape])
  const line = shape.value
  if (line === null) return null
  if (line === 'failed') return <p class="hint">{rate.failed}</p>
  const time = app.formats.value.time
  return (
    <figure class="rate-line" data-testid="rate-line">
      <svg
        viewBox={`0 0 ${line.width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={rate.summary(line.count, line.most)}
      >
        <path d={line.path} />
      </svg>
      <figcaption>
        <span>{time(line.from)}</span>
        <span>{rate.summary(line.count, line.most)}</span>
        <span>{time(line.to)}</span>
      </figcaption>
    </figure>
  )
}
