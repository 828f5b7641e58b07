import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { AlarmActions } from './alarm-actions.tsx'
import { AlarmBadges } from './alarm-badges.tsx'
import { AlarmDialog } from './alarm-dialog.tsx'
import { AlarmGlyph } from './alarm-glyph.tsx'
import { AlarmOwner } from './alarm-owner.tsx'
import { AlarmTimer } from './alarm-timer.tsx'
import { whereOf } from './alarm-place.ts'
import type { OpenDialog } from './open-dialog.ts'
import { PumpCall } from './pump-call.tsx'
import { useApp } from './state/app-state.ts'
import type { PumpPageModel } from './state/pump-page-model.ts'
import { useInSight } from './state/use-in-sight.ts'

interface StripProps {
  readonly alarm: AlarmView
  readonly page: PumpPageModel
}

/** The alarm on top of the pump's page: full colour only while a High or Medium is there and nobody owns it. */
export const PumpStrip = ({ alarm, page }: StripProps): JSX.Element => {
  const app = useApp()
  const { words } = app
  const dialog = useSignal<OpenDialog>(null)
  const sight = useInSight<HTMLElement>(alarm.episodeId)
  const look = alarmLook(alarm, app.me.value?.userId ?? null)
  const entry = words.alarm[alarm.code]
  const pump = app.live.pump(page.pumpId)
  const full = look.filled && !look.dashed && (alarm.priority === 'high' || alarm.priority === 'medium')
  return (
    <section
      ref={sight}
      class={`strip is-${alarm.priority} ${full ? 'full' : 'calm'} ${look.dashed ? 'dashed' : ''} ${look.hatched ? 'hatched hatch' : ''}`}
      data-testid="pump-strip"
      data-episode={alarm.episodeId}
      data-condition={alarm.condition}
      aria-label={words.row.glyph(words.priority[alarm.priority], words.row.state[look.status])}
    >
      <AlarmGlyph priority={alarm.priority} look={{ ...look, flash: null }} label={null} size={40} />
      <div class="strip-words plate">
        <h2>
          {alarm.code === 'device-text' && alarm.vendorText !== null ? alarm.vendorText : entry.name}
          <span class="strip-consequence">, {entry.consequence.toLowerCase()}</span>
        </h2>
        <AlarmBadges alarm={alarm} />
      </div>
      <AlarmOwner alarm={alarm} look={look} />
      <AlarmTimer alarm={alarm} look={look} />
      <AlarmActions
        alarm={alarm}
        look={look}
        where={whereOf(app, alarm)}
        meant={() => true}
        openDialog={(next) => (dialog.value = next)}
      />
      {pump !== null && <PumpCall pump={pump} page={page} />}
      <AlarmDialog dialog={dialog.value} close={() => (dialog.value = null)} />
    </section>
  )
}
