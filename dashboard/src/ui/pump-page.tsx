import { pumpWords } from '#dashboard/core/pump-words.ts'
import './styles/pump.css'
import './styles/chart.css'
import './styles/pump-print.css'
import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { JSX } from 'preact'
import type { PumpId } from '#domain/ids.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { lazyPage } from './lazy-page.tsx'
import { ChartCard } from './chart-card.tsx'
import { PumpCompleteness } from './pump-completeness.tsx'
import { PumpEvents } from './pump-events.tsx'
import { PumpFirstChecks } from './pump-first-checks.tsx'
import { PumpIdentity } from './pump-identity.tsx'
import { PumpStrip } from './pump-strip.tsx'
import { PumpValues } from './pump-values.tsx'
import { useApp } from './state/app-state.ts'
import type { PumpModel } from './state/pump-model.ts'
import { PumpPageModel } from './state/pump-page-model.ts'

/** Beside the pump's own page: what is happening comes first. */
const PumpAdherence = lazyPage<{ readonly pumpId: PumpId }>(
  async () => (await import('./pump-adherence.tsx')).PumpAdherence,
  { quiet: true },
)

/** What is happening at this pump, and what do I tell the patient? */
export const PumpPage = ({ pumpId }: { readonly pumpId: string }): JSX.Element => {
  const app = useApp()
  const { live } = app
  const words = app.wordsWith(pumpWords)
  const pump = live.pump(pumpId)
  if (pump === null) return <p class="empty">{live.loaded.value ? words.pump.noPump : words.wall.loading}</p>
  return <Known pump={pump} />
}

const usePage = (pumpId: PumpId): PumpPageModel => {
  const { link } = useApp()
  const page = useMemo(() => new PumpPageModel(link, pumpId), [link, pumpId])
  useEffect(() => {
    page.start()
    link.post({ kind: 'watch', pumpIds: [pumpId] })
    return () => {
      page.stop()
      link.post({ kind: 'watch', pumpIds: [] })
    }
  }, [link, page, pumpId])
  return page
}

const Known = ({ pump }: { readonly pump: PumpModel }): JSX.Element => {
  const app = useApp()
  const { live } = app
  const page = usePage(pump.id)
  const alarms = live.order.value.filter((alarm) => alarm.pumpId === pump.id || alarm.unverifiedPumps.includes(pump.id))
  const openIds = alarms.map((alarm) => alarm.episodeId).join()
  // An episode that leaves the open ones is among the closed ones from then on.
  useEffect(() => void page.askClosed(), [page, openIds])
  return (
    <div class="pump-page">
      <div class="strips">
        {alarms.map((alarm) => (
          <PumpStrip key={alarm.episodeId} alarm={alarm} page={page} />
        ))}
      </div>
      <PumpIdentity pump={pump} page={page} callHere={alarms.length === 0} />
      {pump.identity.value.caution !== null && <p class="notice">{pump.identity.value.caution}</p>}
      <Channels pump={pump} />
      <div class="pump-columns">
        <ChannelChart pump={pump} page={page} />
        <div class="pump-side">
          <PumpFirstChecks alarm={alarms.find((alarm) => !alarmLook(alarm, null).dashed) ?? null} />
          <PumpEvents pump={pump} page={page} />
          <PumpCompleteness page={page} />
          {app.may('assignment.view') && <PumpAdherence key={pump.id} pumpId={pump.id} />}
        </div>
      </div>
      <PrintedAt />
    </div>
  )
}

/** On paper a value gets no older to look at: the sheet says when it was true. */
const PrintedAt = (): JSX.Element => {
  const app = useApp()
  const at = app.live.dataAsOf.value
  return (
    <p class="printed-at">
      {app.words.live.dataAsOf(at === null ? app.words.live.noData : app.formats.value.dateTime(at))}
    </p>
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
          <h3 class="channel-name">{words.channel(channel.sample.value?.channelId ?? '')}</h3>
          <PumpValues pump={channel} />
        </section>
      ))}
    </>
  )
}

interface ChannelChartProps {
  readonly pump: PumpModel
  readonly page: PumpPageModel
}

/** One chart per channel at a time: lines of two would be taken for one. */
const ChannelChart = ({ pump, page }: ChannelChartProps): JSX.Element => {
  const words = useApp().wordsWith(pumpWords)
  const chosen = useSignal(0)
  const { channels } = pump
  if (channels.length === 1) return <ChartCard pump={pump} page={page} channel={null} />
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
            {words.channel(channel.sample.value?.channelId ?? '')}
          </button>
        ))}
      </div>
      <ChartCard key={channelId} pump={shown} page={page} channel={channelId} />
    </div>
  )
}
