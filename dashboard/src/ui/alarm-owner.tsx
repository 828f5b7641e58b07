import type { JSX } from 'preact'
import type { AlarmView } from '#domain/live/views.ts'
import type { AlarmLook } from '#dashboard/core/alarm-look.ts'
import { CommandNote } from './command-note.tsx'
import { nextLine, storyLine } from './owner-lines.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'

/** Who has it, and what is known of what comes next. */
export const AlarmOwner = ({ alarm, look }: { readonly alarm: AlarmView; readonly look: AlarmLook }): JSX.Element => {
  const app = useApp()
  const { words } = app
  const next = app.live.frozen.value && look.filled ? words.notLive.serverEscalates : nextLine(app, alarm, look)
  const story = storyLine(app, alarm, look, next !== null)
  return (
    <div class="row-owner plate">
      <b>{ownerText(app, alarm, look)}</b>
      {next !== null && (
        <span class={look.filled ? 'next strong' : 'next'} data-testid="comes-next">
          {next}
        </span>
      )}
      {story !== null && <span class="story">{story}</span>}
      <CommandNote episodeId={alarm.episodeId} />
    </div>
  )
}

/** Who has it, in one word or a name. */
export const ownerText = ({ words, me }: AppState, { owner }: AlarmView, look: AlarmLook): string => {
  if (owner === null) return look.status === 'ended-unanswered' ? words.row.nobodyAnswered : words.row.unowned
  return owner.userId === me.value?.userId ? words.you(owner.name) : owner.name
}
