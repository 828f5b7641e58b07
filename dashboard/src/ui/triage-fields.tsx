import type { Signal } from '@preact/signals'
import type { JSX } from 'preact'
import type { SpokeTo, TriageRecord } from '#domain/alarm/triage.ts'
import { panelWords } from '#dashboard/core/panel-words.ts'
import { useApp } from './state/app-state.ts'

const people: readonly SpokeTo[] = ['patient', 'carer', 'family', 'home-nurse', 'nobody-reached', 'other']

export const emptyTriage: TriageRecord = {
  calledAt: null,
  spokeTo: null,
  finding: null,
  action: '',
  outcome: '',
  class: null,
}

/** When somebody called, whom she had on the phone, what was done and what came of it. */
export const TriageFields = ({ record }: { readonly record: Signal<TriageRecord> }): JSX.Element => {
  const app = useApp()
  const { triage } = app.wordsWith(panelWords)
  const { calledAt, spokeTo, action, outcome } = record.value
  const amend = (part: Partial<TriageRecord>): void => {
    record.value = { ...record.value, ...part }
  }
  const callNow = (): void => {
    const now = app.live.serverNow(performance.now())
    amend({ calledAt: calledAt === null && now !== null ? Math.round(now) : null })
  }
  return (
    <>
      <div class="called">
        <span>
          {triage.calledAt} <b>{calledAt === null ? triage.notCalled : app.formats.value.time(calledAt)}</b>
        </span>
        <button type="button" class="btn" aria-pressed={calledAt !== null} data-testid="called-now" onClick={callNow}>
          {calledAt === null ? triage.calledNow : triage.notCalled}
        </button>
      </div>
      <label class="field">
        <span>{triage.spokeTo}</span>
        <select
          name="spoke-to"
          value={spokeTo ?? ''}
          onChange={({ currentTarget: { value } }) => amend({ spokeTo: people.find((one) => one === value) ?? null })}
        >
          <option value="">–</option>
          {people.map((one) => (
            <option key={one} value={one}>
              {triage.spokeToWords[one]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{triage.action}</span>
        <textarea
          name="action"
          rows={2}
          maxLength={500}
          value={action}
          onInput={(event) => amend({ action: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        <span>{triage.outcome}</span>
        <textarea
          name="outcome"
          rows={2}
          maxLength={500}
          value={outcome}
          onInput={(event) => amend({ outcome: event.currentTarget.value })}
        />
      </label>
      <p class="hint">{triage.noNames}</p>
    </>
  )
}
