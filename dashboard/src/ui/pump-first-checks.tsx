import type { JSX } from 'preact'
import type { AlarmView } from '#domain/live/views.ts'
import { adviceWords } from '#dashboard/core/advice-words.ts'
import { pumpWords } from '#dashboard/core/pump-words.ts'
import { callsFirst, checksOf } from '#dashboard/core/first-checks.ts'
import { useApp } from './state/app-state.ts'

/** What to ask on the phone about this alarm, in the catalogue's words. */
export const PumpFirstChecks = ({ alarm }: { readonly alarm: AlarmView | null }): JSX.Element => {
  const words = useApp().wordsWith(pumpWords, adviceWords)
  return (
    <section class="card" aria-labelledby="checks-title" data-testid="first-checks">
      <h3 id="checks-title">
        {alarm === null ? words.pump.firstChecks : `${words.pump.firstChecks}: ${words.alarm[alarm.code].name}`}
      </h3>
      {alarm === null ? (
        <p class="hint">{words.pump.noAlarm}</p>
      ) : (
        <>
          {callsFirst(alarm.criticality) && <p class="call-first">{words.pump.callFirst}</p>}
          <p>{words.advice[alarm.code].meaning}</p>
          <ol class="checks">
            {checksOf(words.advice[alarm.code], alarm.criticality).map((check) => (
              <li key={check}>{check}</li>
            ))}
          </ol>
          <p class="hint">{words.pump.firstChecksNote}</p>
        </>
      )}
    </section>
  )
}
