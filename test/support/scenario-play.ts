import { pumpAlarmCodes } from '#domain/alarm/codes.ts'
import type { AlarmCode } from '#domain/alarm/codes.ts'
import { newWatch, watched } from '#domain/derived/channel-watch.ts'
import { defaultDerivedPolicy } from '#domain/derived/policy.ts'
import { PumpId } from '#domain/ids.ts'
import { TelemetrySample } from '#domain/telemetry.ts'
import { channelConclusions } from '#server/core/derived/channel-conclusions.ts'
import type { ActName } from '#simulators/core/acts.ts'
import type { Course } from '#simulators/core/expectations.ts'
import { MqttTwin } from '#simulators/core/mqtt-json/twin.ts'
import { pumpProfiles, type PumpProfileName } from '#simulators/core/pump-settings.ts'
import type { ScenarioSpec } from '#simulators/core/scenario-spec.ts'
import { scenarioOf } from '#simulators/core/scenario.ts'
import { SimulatedPump } from '#simulators/core/simulated-pump.ts'

/**
 * What can be heard of a pump that goes through a scenario, and what the server concludes from it, in virtual time: MQTT-JSON has a
 * word for every alarm.
 */
export const playScenario = (spec: ScenarioSpec, seed: number): Course => {
  const profile = (spec.profile ?? 'generic-ambulatory') as PumpProfileName
  const pump = new SimulatedPump({
    id: 'P-1',
    seed,
    settings: { ...pumpProfiles[profile], ...spec.settings },
    scenario: scenarioOf(spec),
    twin: new MqttTwin({ pumpId: 'P-1', serial: 'P-1', intervalMs: 5_000 }),
    // As fine as the story is: its deadlines are seconds in minutes, or minutes in hours.
    quantumMs: spec.lastsMs > 600_000 ? 1_000 : 100,
  })
  const acts: { act: ActName; at: number }[] = []
  const alarms: { code: AlarmCode; startedAt: number; endedAt: number | null }[] = []
  const isOpen = (code: AlarmCode) => alarms.some((alarm) => alarm.code === code && alarm.endedAt === null)
  const start = (code: AlarmCode, at: number): void => {
    if (!isOpen(code)) alarms.push({ code, startedAt: at, endedAt: null })
  }
  const end = (code: AlarmCode, at: number): void => {
    for (const alarm of alarms) if (alarm.code === code && alarm.endedAt === null) alarm.endedAt = at
  }
  let plugged = true
  let watch = newWatch
  let samples = 0
  for (const output of pump.advance(spec.lastsMs)) {
    const { atMs, fact } = output
    if (fact?.kind === 'act') acts.push({ act: fact.act as ActName, at: atMs })
    if (output.kind === 'cable') plugged = output.plugged
    if (!plugged) continue
    if (output.kind === 'publish' && fact?.kind === 'sample') {
      samples += 1
      const values = TelemetrySample.parse(JSON.parse(output.publication.payload))
      const about = { uncertaintyMs: 0, bootId: 'boot', monotonicMs: atMs, seq: samples, late: false }
      watch = watched(watch, { ...about, at: atMs, values }, defaultDerivedPolicy)
      const of = { pumpId: PumpId.parse('P-1'), channelId: values.channelId }
      const isUnder = isOpen('under-infusion')
      for (const { code, level } of channelConclusions(of, watch.picture, atMs, defaultDerivedPolicy, isUnder)) {
        if (level === 'raised') start(code, atMs)
        if (level === 'fine') end(code, atMs)
      }
    }
    if (fact?.kind === 'alarm') (fact.raised ? start : end)(fact.code, atMs)
    if (fact?.kind !== 'sample') continue
    for (const code of fact.activeAlarms ?? []) start(code, atMs)
    for (const { code } of alarms)
      if (pumpAlarmCodes.some((own) => own === code) && !fact.activeAlarms?.includes(code)) end(code, atMs)
  }
  return { startedAt: 0, acts, alarms }
}
