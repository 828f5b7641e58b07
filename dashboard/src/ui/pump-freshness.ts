import { valueLook } from '#dashboard/core/freshness.ts'
import type { ValueLook } from '#dashboard/core/freshness.ts'
import type { LiveStore } from './state/live-store.ts'
import type { ChannelModel, PumpModel } from './state/pump-model.ts'

interface LivePart {
  readonly live: LiveStore
}

export interface PumpFreshness {
  readonly look: ValueLook
  /** ms since the shown sample happened, on the server's clock. */
  readonly ageMs: number | null
}

/** How old a channel's values are now. While the page is not live every value is old. Reads signals. */
export const freshnessOf = (app: LivePart, pump: ChannelModel): PumpFreshness => {
  const now = app.live.now.value
  const at = pump.sampledAt.value
  const ageMs = now === null || at === null ? null : Math.max(0, now - at)
  if (app.live.frozen.value) return { look: ageMs === null ? 'never' : 'stale', ageMs }
  const look = valueLook(ageMs, pump.identity.value.statusIntervalMs)
  const link = pump.identity.value.link
  return { look: look !== 'never' && (link === 'lost' || link === 'closed') ? 'stale' : look, ageMs }
}

const worse: readonly ValueLook[] = ['fresh', 'aged', 'stale', 'never']

/** Of a pump as a whole: the oldest of its channels. */
export const pumpFreshnessOf = (app: LivePart, pump: PumpModel): PumpFreshness =>
  pump.channels
    .map((channel) => freshnessOf(app, channel))
    .reduce((a, b) => (worse.indexOf(b.look) > worse.indexOf(a.look) ? b : a))

export const reporting = (app: LivePart): readonly PumpModel[] =>
  app.live.pumps.value.filter((pump) => ['fresh', 'aged'].includes(pumpFreshnessOf(app, pump).look))

export const staleOnes = (app: LivePart): readonly PumpModel[] =>
  app.live.pumps.value.filter((pump) => pumpFreshnessOf(app, pump).look === 'stale')
