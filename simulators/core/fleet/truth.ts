import { sampleOf } from '../mqtt-json/twin.ts'
import type { SampleFact } from '../statement.ts'
import type { Said } from './said.ts'

/** One line of a fleet's truth log, without the clocks of the machine it ran on. */
export const truthOf = (said: Said): Readonly<Record<string, unknown>> => {
  const { pumpId, atMs, uptimeMs, boot, message } = said
  return { ...toldOf(said), pumpId, virtualMs: atMs, uptimeMs, ids: { boot, message } }
}

const toldOf = (said: Said): Readonly<Record<string, unknown>> => {
  switch (said.kind) {
    case 'sample':
      return { ...sampleFact(said) }
    case 'alarm': {
      const { kind, code, raised, priority, episode } = said
      return { kind, code, raised, priority, episode }
    }
    case 'event':
      return { kind: 'event', event: said.event }
    case 'act':
      return { kind: 'act', act: said.act.act, amount: said.act.amount ?? null, code: said.act.code ?? null }
    case 'delivery': {
      const { kind, therapy, startedMs, alarms } = said
      return { kind, therapy, startedMs, alarms }
    }
  }
}

const sampleFact = (said: Said & { readonly kind: 'sample' }): SampleFact => {
  const sample = sampleOf(said.reading, said.pumpId)
  return {
    kind: 'sample',
    operatingState: sample.operatingState,
    rateMlPerHour: sample.rateMlPerHour,
    infusedTotalMl: sample.infusedTotalMl ?? 0,
    programRemainingMl: sample.programRemainingMl,
    linePressureMmHg: sample.linePressureMmHg,
    batteryPercent: sample.batteryPercent,
    activeAlarms: sample.activeAlarms,
  }
}
