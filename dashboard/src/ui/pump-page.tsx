import './styles/pump.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { JSX } from 'preact'
import { checksOf } from '#dashboard/core/first-checks.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { age } from '#dashboard/core/format.ts'
import { uncertainTimeMs } from '#dashboard/core/freshness.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { ChartCard } from './chart-card.tsx'
import { Icon } from './icons.tsx'
import { PumpEvents } from './pump-events.tsx'
import { PumpStrip } from './pump-strip.tsx'
import { PumpValues } from './pump-values.tsx'
import { useApp } from './state/app-state.ts'
import type { PumpModel } from './state/pump-model.ts'

/** What is happening at this pump, and what do I tell the patient? */
export const PumpPage = ({ pumpId }: { readonly pumpId: string }): JSX.Element => {
  const app = useApp()
  const { words, live } = app
  const pump = live.pumps.value.find((candidate) => candidate.id === pumpId) ?? null
  const id = pump?.id ?? null
  useEffect(() => {
    if (id === null) return
    app.link.post({ kind: 'watch', pumpIds: [id] })
    return () => app.link.post({ kind: 'watch', pumpIds: [] })
  }, [app, id])
  if (pump === null) return <p class="empty">{live.loaded.value ? words.pump.noPump : words.wall.loading}</p>
  const alarms = live.order.value.filter((alarm) => alarm.pumpId === pump.id || alarm.unverifiedPumps.includes(pump.id))
  return (
    <div class="pump-page">
      {alarms.map((alarm) => (
        <PumpStrip key={alarm.episodeId} alarm={alarm} />
      ))}
      <Identity pump={pump} />
      {pump.identity.value.caution !== null && <p class="notice">{pump.identity.value.caution}</p>}
      <Channels pump={pump} />
      <div class="pump-columns">
        <ChannelChart pump={pump} />
        <div class="pump-side">
          <FirstChecks alarm={alarms.find((alarm) => !alarmLook(alarm, null).dashed) ?? null} />
          <PumpEvents pump={pump} />
        </div>
      </div>
    </div>
  )
}

/** The values of every channel, one below the other: none is behind another. */
const Channels = ({ pump }: { readonly pump: PumpModel }): JSX.Element => {
  const { words } = useApp()
  if (pump.channels.length === 1) return <PumpValues pump={pump} />
  return (
    <>
      {pump.channels.map((channel) => (
        <section
          key={channel.sample.value?.channelId}
          data-testid="pump-channel"
          data-channel={channel.sample.value?.channelId}
        >
          <h3 class="channel-name">{words.pump.channel(channel.sample.value?.channelId ?? '')}</h3>
          <PumpValues pump={channel} />
        </section>
      ))}
    </>
  )
}

/** One chart per channel at a time: lines of two would be taken for one. */
const ChannelChart = ({ pump }: { readonly pump: PumpModel }): JSX.Element => {
  const { words } = useApp()
  const chosen = useSignal(0)
  const { channels } = pump
  if (channels.length === 1) return <ChartCard pump={pump} channel={null} />
  const shown = channels[chosen.value] ?? pump
  const channelId = shown.sample.value?.channelId ?? null
  return (
    <div>
      <div class="segmented channel-choice" role="group" aria-label={words.pump.channels}>
        {channels.map((channel, at) => (
          <button
            key={channel.sample.value?.channelId}
            aria-pressed={at === chosen.value}
            onClick={() => (chosen.value = at)}
          >
            {words.pump.channel(channel.sample.value?.channelId ?? '')}
          </button>
        ))}
      </div>
      <ChartCard key={channelId} pump={shown} channel={channelId} />
    </div>
  )
}

const Identity = ({ pump }: { readonly pump: PumpModel }): JSX.Element => {
  const app = useApp()
  const { words } = app
  const identity = pump.identity.value
  const drug = pump.sample.value?.drugLabel ?? null
  const uncertaintyMs = pump.uncertaintyMs.value
  const hub = app.live.hubs.value.get(identity.hubId)?.name ?? identity.hubId
  const facts = [
    pump.label === pump.id ? null : words.pump.byLabel(pump.id),
    identity.serial === null || identity.serial === pump.id ? null : words.pump.serial(identity.serial),
    identity.maker === null || identity.model === null ? null : words.pump.model(identity.maker, identity.model),
    words.pump.hub(hub),
    words.criticality[identity.criticality],
    identity.experimental ? words.badge.experimental : null,
    uncertaintyMs > uncertainTimeMs ? words.badge.timeUncertain(age(uncertaintyMs)) : null,
  ]
  return (
    <div class="identity">
      <a class="btn quiet back" href={routeTo({ name: 'pumps' })}>
        <Icon name="back" size={18} />
        {words.pump.back}
      </a>
      <h2>{pump.label}</h2>
      {drug !== null && <span class="drug">{drug}</span>}
      {facts.map((fact) => fact !== null && <span key={fact}>{fact}</span>)}
      <span>{words.viewOnly}</span>
    </div>
  )
}

const FirstChecks = ({ alarm }: { readonly alarm: AlarmView | null }): JSX.Element => {
  const { words } = useApp()
  return (
    <section class="card" aria-labelledby="checks-title">
      <h3 id="checks-title">
        {alarm === null ? words.pump.firstChecks : `${words.pump.firstChecks}: ${words.alarm[alarm.code].name}`}
      </h3>
      {alarm === null ? (
        <p class="hint">{words.pump.noAlarm}</p>
      ) : (
        <>
          <p>{words.alarm[alarm.code].meaning}</p>
          <ol class="checks">
            {checksOf(words.alarm[alarm.code], alarm.criticality).map((check) => (
              <li key={check}>{check}</li>
            ))}
          </ol>
          <p class="hint">{words.pump.firstChecksNote}</p>
        </>
      )}
    </section>
  )
}
