import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { AlarmView } from '#domain/live/views.ts'
import { panelWords } from '#dashboard/core/panel-words.ts'
import type { ApiAnswer } from '#dashboard/core/worker-protocol.ts'
import { Icon } from './icons.tsx'
import { useApp } from './state/app-state.ts'

/** Who can be reached about it: the home, by a number that is read only when somebody wants to call, and who is on call. */
export const PanelContacts = ({ alarm }: { readonly alarm: AlarmView }): JSX.Element | null => {
  const app = useApp()
  const words = app.wordsWith(panelWords)
  const duty = app.onCall.told.value?.teams[0]?.duty ?? null
  const mayCall = alarm.pumpId !== null && app.may('contact.view')
  if (!mayCall && duty === null) return null
  return (
    <section aria-label={words.panel.contacts}>
      <h3>{words.panel.contacts}</h3>
      {mayCall && alarm.pumpId !== null && <Call pumpId={alarm.pumpId} />}
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
  const answer = useSignal<Told>(null)
  const ask = async (): Promise<void> => {
    answer.value = 'asking'
    answer.value = await app.link.request<'patient-phone'>({ what: 'patient-phone', pumpId })
  }
  const told = answer.value
  const shown = useRef<HTMLDivElement>(null)
  // The button that was pressed is gone: what came instead has the focus, so that keys still reach the panel.
  useLayoutEffect(() => {
    if (told !== null && told !== 'asking' && document.activeElement === document.body) shown.current?.focus()
  }, [told])
  return (
    <div class="call" ref={shown} tabIndex={-1}>
      <CallAnswer told={told} ask={() => void ask()} />
    </div>
  )
}

type Told = ApiAnswer<'patient-phone'> | 'asking' | null

const CallAnswer = ({ told, ask }: { readonly told: Told; readonly ask: () => void }): JSX.Element => {
  const { panel } = useApp().wordsWith(panelWords)
  if (told === null || told === 'asking')
    return (
      <button class="btn" data-testid="call-patient" disabled={told !== null} onClick={ask}>
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
