import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { floodHelp } from '#dashboard/core/flood-help.ts'
import type { AskedHelp } from '#dashboard/core/flood-help.ts'
import { floodWords } from '#dashboard/core/flood-words.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { CommandNote } from './command-note.tsx'
import { useApp } from './state/app-state.ts'
import { floodRule } from './state/live-store.ts'

/** A colleague is paged by the escalation of the most urgent alarm nobody has: the server decides, the button only asks. */
export const FloodHelp = (): JSX.Element => {
  const app = useApp()
  const { live } = app
  const text = app.wordsWith(floodWords).floodHelp
  const asking = useSignal<EpisodeId | null>(null)
  const { helper, about, asked } = floodHelp({
    alarms: live.order.value,
    paged: live.paged.value,
    teams: app.onCall.told.value?.teams ?? [],
    me: app.me.value?.userId ?? null,
    now: live.now.value ?? 0,
    withinMs: floodRule.floodWithinMs,
  })
  if (helper === null) return <p class="flood-help">{text.nobody(app.urgentPhone.value)}</p>
  if (asked !== null) return <Asked asked={asked} helper={helper} />
  const look = asking.value === null ? undefined : app.commands.looks.value.get(asking.value)
  const sending = look?.step === 'sending'
  const ask = (): void => {
    if (about === null) return
    asking.value = about.episodeId
    void app.commands.send(about, { kind: 'escalate', to: helper.userId, flood: live.lastTenMinutes.peek() })
  }
  return (
    <div class="flood-help">
      <button
        type="button"
        class="btn"
        data-testid="ask-help"
        disabled={sending || about === null || live.frozen.value}
        aria-busy={sending}
        onClick={ask}
      >
        {sending ? text.asking(helper.name) : text.ask(helper.name)}
      </button>
      {asking.value !== null && <CommandNote episodeId={asking.value} />}
    </div>
  )
}

const Asked = ({ asked, helper }: { readonly asked: AskedHelp; readonly helper: Person }): JSX.Element => {
  const app = useApp()
  const { floodHelp: text, row } = app.wordsWith(floodWords)
  const { by, at, progress } = asked
  const time = app.formats.value.time(at)
  return (
    <p class="flood-help" role="status" data-testid="help-asked">
      {by.userId === app.me.value?.userId ? text.youAsked(helper.name, time) : text.asked(by.name, helper.name, time)}
      {progress === 'not-paged'
        ? ` ${text.notPaged(helper.name, app.urgentPhone.value)}`
        : progress !== null && ` ${text.progress(helper.name, row.pagedHow[progress])}`}
    </p>
  )
}
