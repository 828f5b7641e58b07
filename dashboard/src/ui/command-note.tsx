import type { JSX } from 'preact'
import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { age } from '#dashboard/core/format.ts'
import type { AppState } from './state/app-state.ts'
import { useApp } from './state/app-state.ts'

/** What the server said to the last command on this alarm, if it was not yes. */
export const CommandNote = ({ episodeId }: { readonly episodeId: EpisodeId }): JSX.Element | null => {
  const app = useApp()
  const look = app.commands.looks.value.get(episodeId)
  if (look?.step === 'confirmed' && look.kind === 'withdraw')
    return <span class="command-note">{app.words.command.withdrawn}</span>
  if (look?.step === 'moved')
    return (
      <span class="command-note failed" role="status" data-testid="command-note">
        {app.words.command.moved}
      </span>
    )
  if (look?.step !== 'failed') return null
  const { command } = app.words
  const text = (): string => {
    switch (look.result.outcome) {
      case 'lost':
        return app.live.link.peek() === 'live' ? command.noAnswer : command.lostLink
      case 'conflict':
        return conflictText(app, look.result.alarm)
      case 'refused':
        return command.refused(look.result.message)
    }
  }
  return (
    <span class="command-note failed" role="status" data-testid="command-note">
      {text()}
    </span>
  )
}

const conflictText = (app: AppState, alarm: AlarmView): string => {
  const { command } = app.words
  const now = app.live.serverNow(performance.now())
  if (alarm.owner === null || alarm.acceptedAt === null || now === null) return command.conflict
  return command.conflictTaken(alarm.owner.name, age(now - alarm.acceptedAt))
}
