import type { JSX } from 'preact'
import type { AlarmView } from '#domain/live/views.ts'
import type { AlarmLook } from '#dashboard/core/alarm-look.ts'
import { CommandNote } from './command-note.tsx'
import { lineWithoutLink, nextLine, storyLine } from './owner-lines.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import { useComputedOf } from './state/use-computed-of.ts'

/** Who has it, and what is known of what comes next. */
export const AlarmOwner = ({ alarm, look }: { readonly alarm: AlarmView; readonly look: AlarmLook }): JSX.Element => {
  const app = useApp()
  const next = useComputedOf(
    () => (app.live.frozen.value && look.filled ? lineWithoutLink(app) : nextLine(app, alarm, look)),
    [app, alarm, look.status],
  )
  const hasNext = useComputedOf(() => next.value !== null, [next])
  const story = useComputedOf(() => storyLine(app, alarm, look, hasNext.value), [app, alarm, look.status, hasNext])
  return (
    <div class="row-owner plate">
      <b>{ownerText(app, alarm, look)}</b>
      {hasNext.value && (
        <span class={look.filled ? 'next strong' : 'next'} data-testid="comes-next">
          {next}
        </span>
      )}
      {story.value !== null && <span class="story">{story.value}</span>}
      <CommandNote episodeId={alarm.episodeId} />
    </div>
  )
}

/** Who has it, in one word or a name. */
export const ownerText = ({ words, me }: AppState, { owner }: AlarmView, look: AlarmLook): string => {
  if (owner === null) return look.status === 'ended-unanswered' ? words.row.nobodyAnswered : words.row.unowned
  return owner.userId === me.value?.userId ? words.you(owner.name) : owner.name
}
