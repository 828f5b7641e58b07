import type { JSX } from 'preact'
import type { AlarmView } from '#domain/live/views.ts'
import type { AlarmLook } from '#dashboard/core/alarm-look.ts'
import { AlarmGlyph } from './alarm-glyph.tsx'
import { ownerText } from './alarm-owner.tsx'
import { useApp } from './state/app-state.ts'

interface ShortProps {
  readonly alarm: AlarmView
  readonly look: AlarmLook
  readonly name: string
  readonly second: string
  readonly where: string
  readonly glyph: string
}

/** A row far from the window: every word that finds it, for the eye that scrolls and the ear that does not, and nothing that ticks or flashes. */
export const AlarmRowInShort = ({ alarm, look, name, second, where, glyph }: ShortProps): JSX.Element => {
  const app = useApp()
  const pump = alarm.pumpId === null ? null : app.live.known(alarm.pumpId)
  const facts = [pump?.label == null ? null : pump.pumpId, pump?.sample?.drugLabel ?? null]
  return (
    <>
      <i class="edge" aria-hidden="true" />
      <AlarmGlyph priority={alarm.priority} look={{ ...look, flash: null }} label={glyph} />
      <div class="row-name plate">
        <span class="alarm-name">{name}</span>
        <span class="second">{second}</span>
      </div>
      <div class="row-place plate">
        <b>{where}</b>
        <span class="second">{facts.filter((fact) => fact !== null).join(', ')}</span>
      </div>
      <div class="row-timer plate" />
      <div class="row-owner plate">
        <b>{ownerText(app, alarm, look)}</b>
        <span class="next">
          {app.words.row.since(app.formats.value.moment(alarm.startedAt, app.live.now.peek() ?? alarm.observedAt))}
        </span>
      </div>
    </>
  )
}
