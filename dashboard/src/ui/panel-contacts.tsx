import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { AlarmView } from '#domain/live/views.ts'
import type { ApiAnswer } from '#dashboard/core/worker-protocol.ts'
import { Icon } from './icons.tsx'
import { useApp } from './state/app-state.ts'

/** Who can be reached about it: the home, by a number that is read only when somebody wants to call, and who is on call. */
export const PanelContacts = ({ alarm }: { readonly alarm: AlarmView }): JSX.Element => {
  const app = useApp()
  const { words } = app
  const duty = app.onCall.told.value?.teams[0]?.duty ?? null
  return (
    <section aria-label={words.panel.contacts}>
      <h3>{words.panel.contacts}</h3>
      {alarm.pumpId !== null && app.mayAct.value && <Call pumpId={alarm.pumpId} />}
      {duty !== null && (
        <dl class="panel-duty">
          {(['primary', 'backup', 'lead'] as const).map((place) => (
            <div key={place}>
              <dt>{words.onCall.places[place]}</dt>
              <dd>{duty[place]?.name ?? words.onCall.nobodyShort}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

const Call = ({ pumpId }: { readonly pumpId: NonNullable<AlarmView['pumpId']> }): JSX.Element => {
  const app = useApp()
  const { panel } = app.words
  const answer = useSignal<ApiAnswer<'patient-phone'> | 'asking' | null>(null)
  const ask = async (): Promise<void> => {
    answer.value = 'asking'
    answer.value = await app.link.request<'patient-phone'>({ what: 'patient-phone', pumpId })
  }
  const told = answer.value
  if (told === null || told === 'asking')
    return (
      <button class="btn" data-testid="call-patient" disabled={told !== null} onClick={() => void ask()}>
        <Icon name="call" size={18} />
        {told === null ? panel.call : panel.calling}
      </button>
    )
  if (!told.ok && told.failure !== 'not-found') return <p role="status">{panel.phoneFailed}</p>
  if (!told.ok || told.body === null) return <p role="status">{panel.noPhone}</p>
  return (
    <a class="btn phone-number" href={`tel:${told.body.replaceAll(/[^+0-9]/g, '')}`} data-testid="patient-phone">
      <Icon name="call" size={18} />
      {told.body}
    </a>
  )
}
