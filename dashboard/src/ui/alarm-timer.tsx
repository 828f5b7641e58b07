import type { JSX } from 'preact'
import type { AlarmView } from '#domain/live/views.ts'
import type { AlarmLook } from '#dashboard/core/alarm-look.ts'
import { timer } from '#dashboard/core/format.ts'
import { pauseLeft } from './paused-here.ts'
import { useApp } from './state/app-state.ts'
import { useComputedOf } from './state/use-computed-of.ts'

/** From onset on the server's clock; stands still when the condition ended, and says so when the page is not live. */
export const AlarmTimer = ({ alarm, look }: { readonly alarm: AlarmView; readonly look: AlarmLook }): JSX.Element => {
  const app = useApp()
  const { live, words } = app
  const value = useComputedOf(() => {
    const until = look.dashed && alarm.endedAt !== null ? alarm.endedAt : live.now.value
    return until === null ? '–' : timer(until - alarm.startedAt)
  }, [live, alarm, look.dashed])
  const simulated = alarm.simulated && <span class="badge simulated">{words.simulatedBadge}</span>
  const heard = live.frozen.value ? live.dataAsOf.value : null
  if (heard !== null)
    return (
      <div class="row-timer plate">
        <span class="frozen-timer">{words.notLive.frozenAt(value.value, app.formats.value.timeSeconds(heard))}</span>
        {simulated}
      </div>
    )
  const left = pauseLeft(app, alarm)
  return (
    <div class="row-timer plate">
      {value}
      {left !== null && <span class="badge paused-here">{words.badge.paused(timer(left))}</span>}
      {simulated}
    </div>
  )
}
