import type { JSX } from 'preact'
import type { PumpUse } from '#domain/live/roster.ts'
import { pumpWords } from '#dashboard/core/pump-words.ts'
import { age, drugText } from '#dashboard/core/format.ts'
import { uncertainTimeMs } from '#dashboard/core/freshness.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { Icon } from './icons.tsx'
import { PumpCall } from './pump-call.tsx'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import type { PumpModel } from './state/pump-model.ts'
import type { PumpPageModel } from './state/pump-page-model.ts'
import { zonedTime } from './zoned-time.ts'

interface IdentityProps {
  readonly pump: PumpModel
  readonly page: PumpPageModel
  /** The call stands here while there is no alarm to hold it. */
  readonly callHere: boolean
}

/** Whose pump is this? Label and, as the second identifier, the pump's own number, which the patient can read out. */
export const PumpIdentity = ({ pump, page, callHere }: IdentityProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(pumpWords)
  const identity = pump.identity.value
  const drug = pump.sample.value?.drugLabel ?? null
  const uncertaintyMs = pump.uncertaintyMs.value
  const hub = app.live.hubs.value.get(identity.hubId)?.name ?? identity.hubId
  const use = page.about.value?.use ?? null
  const facts = [
    identity.serial === null || identity.serial === pump.id ? null : words.pump.serial(identity.serial),
    identity.maker === null || identity.model === null ? null : words.pump.model(identity.maker, identity.model),
    words.pump.hub(hub),
    ...(use === null ? [] : useFacts(app, use)),
    words.criticality[identity.criticality],
    identity.experimental ? words.badge.experimental : null,
    uncertaintyMs > uncertainTimeMs ? words.badge.timeUncertain(age(uncertaintyMs)) : null,
    page.about.value === null && page.failed.value.has('about') ? words.pump.aboutFailed : null,
  ]
  return (
    <div class="identity" data-testid="pump-identity">
      <a class="btn quiet back" href={routeTo({ name: 'pumps' })}>
        <Icon name="back" size={18} />
        {words.pump.back}
      </a>
      <h2>{pump.label}</h2>
      {pump.label !== pump.id && <span class="second-id">{words.pumpCalled(pump.id)}</span>}
      {drug !== null && <span class="drug">{drugText(drug)}</span>}
      {callHere && <PumpCall pump={pump} page={page} />}
      <p class="identity-facts">
        {facts.map((fact) => fact !== null && <span key={fact}>{fact}</span>)}
        <span>{words.viewOnly}</span>
      </p>
    </div>
  )
}

const useFacts = (app: AppState, use: PumpUse): readonly (string | null)[] => {
  const words = app.wordsWith(pumpWords)
  const now = app.live.now.value ?? use.since
  const zone = use.timeZone ?? app.me.value?.facilityTimeZone ?? 'UTC'
  const at = (ms: number): string => zonedTime(app, zone).moment(ms, now)
  return [
    use.therapy === null ? null : words.pump.therapy[use.therapy],
    words.pump.team(use.teamName),
    words.pump.since(app.formats.value.day(use.since)),
    use.run === null
      ? use.nextRun === null
        ? null
        : words.pump.planNext(at(use.nextRun.startsAt), zone)
      : words.pump.planNow(at(use.run.startsAt), at(use.run.endsAt), zone),
  ]
}
