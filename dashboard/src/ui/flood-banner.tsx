import type { JSX } from 'preact'
import { useApp } from './state/app-state.ts'

/** More alarms than one person can answer: what is folded, and whom to ask for help. */
export const FloodBanner = (): JSX.Element | null => {
  const app = useApp()
  const { words, live, queue } = app
  if (!queue.flood.value) return null
  const me = app.me.value?.userId
  const helper = (app.onCall.told.value?.teams ?? [])
    .flatMap(({ duty }) => [duty.backup, duty.lead, duty.primary])
    .find((person) => person !== null && person.userId !== me)
  return (
    <aside class="flood" aria-label={words.flood.title(live.lastTenMinutes.value)} data-testid="flood">
      <p>
        <strong>{words.flood.title(live.lastTenMinutes.value)}</strong> {words.flood.body}
      </p>
      <p class="flood-help">{helper == null ? words.flood.nobody : words.flood.ask(helper.name)}</p>
    </aside>
  )
}
