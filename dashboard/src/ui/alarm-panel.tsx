import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { panelWords } from '#dashboard/core/panel-words.ts'
import { pumpWords } from '#dashboard/core/pump-words.ts'
import { adviceWords } from '#dashboard/core/advice-words.ts'
import { checksOf } from '#dashboard/core/first-checks.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { drugText, nbsp } from '#dashboard/core/format.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { AlarmActions } from './alarm-actions.tsx'
import { AlarmBadges } from './alarm-badges.tsx'
import { AlarmGlyph } from './alarm-glyph.tsx'
import { AlarmOwner } from './alarm-owner.tsx'
import { channelOf, whereOf } from './alarm-place.ts'
import { AlarmTimer } from './alarm-timer.tsx'
import { Icon } from './icons.tsx'
import { PanelChart } from './panel-chart.tsx'
import { PanelContacts } from './panel-contacts.tsx'
import { PanelTimeline } from './panel-timeline.tsx'
import { freshnessOf } from './pump-freshness.ts'
import { useApp } from './state/app-state.ts'

/** One alarm beside the queue: what it is, what to ask, whom to call, what happened, what can be done. */
export const AlarmPanel = ({ alarm }: { readonly alarm: AlarmView }): JSX.Element => {
  const app = useApp()
  const { queue } = app
  const words = app.wordsWith(panelWords)
  const panel = useRef<HTMLElement>(null)
  const look = alarmLook(alarm, app.me.value?.userId ?? null)
  const where = whereOf(app, alarm)
  const name =
    alarm.code === 'device-text' && alarm.vendorText !== null ? alarm.vendorText : words.alarm[alarm.code].name
  useEffect(() => panel.current?.focus(), [])
  const close = (): void => {
    queue.opened.value = null
    document.querySelector<HTMLElement>(`.queue [data-episode="${CSS.escape(alarm.episodeId)}"]`)?.focus()
  }
  return (
    <aside
      class={`panel is-${alarm.priority} ${look.tint ? 'tint' : ''}`}
      ref={panel}
      tabIndex={-1}
      aria-label={words.panel.label(`${name}, ${where}`)}
      data-testid="alarm-panel"
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <div class="panel-head">
        <AlarmGlyph
          priority={alarm.priority}
          look={{ ...look, flash: null }}
          label={words.row.glyph(words.priority[alarm.priority], words.row.state[look.status])}
        />
        <div class="row-name">
          <h2 class="alarm-name">{name}</h2>
          <span class="second">{words.alarm[alarm.code].consequence}</span>
        </div>
        <AlarmTimer alarm={alarm} look={look} />
        <button class="btn quiet icon-only" aria-label={words.panel.close} onClick={close}>
          <Icon name="crossed" />
        </button>
      </div>
      <div class="panel-response">
        <AlarmOwner alarm={alarm} look={look} />
        <AlarmActions
          alarm={alarm}
          look={look}
          where={where}
          meant={() => true}
          openDialog={(dialog) => (queue.dialog.value = dialog)}
        />
        <AlarmBadges alarm={alarm} all />
      </div>
      <div class="panel-body">
        <PanelContacts alarm={alarm} />
        <Checks alarm={alarm} />
        <Facts alarm={alarm} where={where} />
        {alarm.pumpId !== null && <PanelChart alarm={alarm} />}
        <PanelTimeline alarm={alarm} />
      </div>
      <p class="view-only">
        {words.viewOnly}
        {alarm.pumpId !== null && (
          <a href={routeTo({ name: 'pump', pumpId: alarm.pumpId })} data-testid="panel-open-pump">
            {words.panel.openPump}
          </a>
        )}
      </p>
    </aside>
  )
}

const Checks = ({ alarm }: { readonly alarm: AlarmView }): JSX.Element => {
  const words = useApp().wordsWith(pumpWords, adviceWords)
  return (
    <section aria-label={words.pump.firstChecks}>
      <h3>{words.pump.firstChecks}</h3>
      <p>{words.advice[alarm.code].meaning}</p>
      <ol class="checks">
        {checksOf(words.advice[alarm.code], alarm.criticality).map((check) => (
          <li key={check}>{check}</li>
        ))}
      </ol>
      <p class="hint">{words.pump.firstChecksNote}</p>
    </section>
  )
}

/** The place and the pump's last figures; an old figure is no figure. */
const Facts = ({ alarm, where }: { readonly alarm: AlarmView; readonly where: string }): JSX.Element => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(panelWords)
  const { facts } = words.panel
  const pump = app.live.pump(alarm.pumpId)
  const channel = channelOf(app, alarm)
  const sample = channel?.sample.value ?? null
  const look = channel === null ? 'never' : freshnessOf(app, channel).look
  const isOld = look === 'stale' || look === 'never'
  const told = (value: number | null | undefined, format: (value: number) => string, unit: string): string =>
    isOld ? '–' : value == null ? words.notReported : `${format(value)}${nbsp}${unit}`
  const hub = alarm.hubId === null ? null : (app.live.hubs.value.get(alarm.hubId)?.name ?? alarm.hubId)
  const lines = [
    [facts.pump, pump === null ? where : pump.id],
    [facts.hub, hub],
    [facts.therapy, words.criticality[alarm.criticality]],
    [facts.drug, sample?.drugLabel == null ? null : drugText(sample.drugLabel)],
    [facts.rate, pump === null ? null : told(sample?.rateMlPerHour, formats.value.rate, 'mL/h')],
    [facts.remaining, pump === null ? null : told(sample?.programRemainingMl, formats.value.volume, 'mL')],
  ] as const
  return (
    <dl class="panel-facts">
      {lines.map(([name, value]) =>
        value === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
