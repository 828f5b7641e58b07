import type { TelemetrySample } from '../../telemetry.ts'
import { emptySample } from '../../telemetry.ts'
import type { Field } from '../fields.ts'
import { isMalformed, valueOf } from '../fields.ts'
import { withStatus } from '../sample-status.ts'
import type { LogPicture } from './log-picture.ts'
import { alarmsOf, channelId, operatingStateOf } from './log-picture.ts'
import type { MivaReply } from './parse.ts'

type ValueReply = Exclude<MivaReply, { type: 'RN' | 'RS' | 'RI' | 'RE' }>

interface Told {
  readonly reply: ValueReply
  readonly atMs: number
}

/** How long a reply stands when the pump does not repeat it: three times its period, ms. */
const standsMs: Readonly<Record<ValueReply['type'], number>> = {
  Q7: 6000,
  Q5: 15_000,
  Q6: 15_000,
  Q3: 15_000,
  RD: 30_000,
  Q0: 30_000,
  R7: 180_000,
  Q4: 180_000,
  QD: 180_000,
  RC: 3 * 3_600_000,
  RB: Number.POSITIVE_INFINITY,
  RL: Number.POSITIVE_INFINITY,
  R2: Number.POSITIVE_INFINITY,
}

/** What the pump has answered, each reply for a while (zyno-miva.md 2). */
export class ToldValues {
  readonly #told = new Map<ValueReply['type'], Told>()

  forget(): void {
    this.#told.clear()
  }

  take(reply: ValueReply, atMs: number): void {
    this.#told.set(reply.type, { reply, atMs })
  }

  sample(picture: LogPicture, serial: string, nowMs: number): TelemetrySample {
    const replies = [...this.#told.values()]
      .filter(({ reply, atMs }) => nowMs - atMs <= standsMs[reply.type])
      .map(({ reply }) => reply)
    const number = (name: 'Q5' | 'Q6' | 'QD'): Field<number | null> => {
      const reply = replies.find(({ type }) => type === name)
      return reply !== undefined && 'value' in reply ? reply.value : null
    }
    const [infused, remaining, programmed] = [number('Q5'), number('Q6'), number('QD')]
    const state = operatingStateOf(picture)
    const bolus = replies.some((reply) => reply.type === 'Q7' && reply.running === true)
    const operatingState = bolus && state !== 'off' ? 'bolus' : state
    const sample: TelemetrySample = {
      ...emptySample(channelId, serial),
      operatingState,
      notDeliveringReason: operatingState === 'paused' ? 'not-specified' : null,
      infusedTotalMl: valueOf(infused),
      programRemainingMl: valueOf(remaining),
      vtbiMl: valueOf(programmed),
      activeAlarms: [
        ...new Set(alarmsOf(picture).flatMap(({ code, priority }) => (priority === 'info' ? [] : [code]))),
      ],
      raw: Object.assign({}, ...replies.map(rawOf)),
    }
    const invalid = [infused, remaining, programmed].some(isMalformed)
    return withStatus(sample, { invalid, questionable: false, simulated: [] })
  }
}

/** What has no field of its own, and digits that cannot be read. */
const rawOf = (reply: ValueReply): Readonly<Record<string, string>> => {
  switch (reply.type) {
    case 'RB':
      return { baseYear: textOf(reply.baseYear) }
    case 'RL':
      return { library: textOf(reply.library).trim() }
    case 'RC':
      return { pumpClock: reply.clock }
    case 'R7':
      return { batteryVolts: textOf(reply.batteryVolts) }
    case 'RD':
      return { sensors: textOf(reply.sensors) }
    case 'R2':
      return { sensorThresholds: textOf(reply.sensors) }
    case 'Q0':
      return reply.text === null ? {} : { mode: reply.text }
    case 'Q4':
      return reply.text === null ? {} : { rateUnit: reply.text }
    case 'Q3':
      return reply.value === null ? {} : { infusionTimeSeconds: textOf(reply.value) }
    case 'Q5':
      return isMalformed(reply.value) ? { infused: reply.value.raw } : {}
    case 'Q6':
      return isMalformed(reply.value) ? { remaining: reply.value.raw } : {}
    case 'QD':
      return isMalformed(reply.value) ? { programmed: reply.value.raw } : {}
    case 'Q7':
      return isMalformed(reply.running) ? { bolus: reply.running.raw } : {}
  }
}

const textOf = (field: Field<string | number>): string => (isMalformed(field) ? field.raw : String(field))
