import { AlarmCode, Priority } from '#domain/alarm/codes.ts'
import { PumpEventCode } from '#domain/events.ts'
import { ChannelId } from '#domain/ids.ts'
import { MeasurementStatus } from '#domain/telemetry.ts'
import { ConditionPhase, EventDetail, Inactivation } from '#domain/uplink/records.ts'
import { repairSample } from './sample-repair.ts'
import type { PumpEvent, PumpIdentity, ReportedAlarm } from '#domain/pump-protocols/profile.ts'
import type { LinkState } from '#domain/uplink/envelope.ts'
import type { MqttKind } from './mqtt-topic.ts'

export type MqttOutcome =
  | {
      readonly ok: true
      readonly events: readonly PumpEvent[]
      readonly bad: readonly string[]
      readonly unknown: readonly string[]
    }
  /** Cannot be used at all: `form`, or `bad` when it is JSON of another shape. */
  | { readonly ok: false; readonly fault: 'form' | 'bad'; readonly why: string }

const lostAtLeastMs = 5_000
const lostAtMostMs = 15_000
/** What a pump speaks at until it says otherwise. */
export const defaultIntervalMs = 1_000

const statusFields = ['online', 'serial', 'intervalMs', 'maker', 'model', 'firmware', 'measurementStatus']
const eventFields = ['event', 'at', 'detail', 'measurementStatus']
const alarmFields = [
  'code',
  'phase',
  'priority',
  'channelId',
  'vendorCode',
  'vendorText',
  'inactivation',
  'startedAt',
  'episodeId',
  'state',
  'prioritySource',
  'type',
  'measurementStatus',
  'experimental',
]

type Said = Readonly<Record<string, unknown>>

const text = (value: unknown, max: number): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, max) : null

const keyOf = (alarm: ReportedAlarm): string => JSON.stringify([alarm.channelId, alarm.code, alarm.vendorCode])

/** What one MQTT pump has said: identity, link, and which alarms are active. Does no I/O, owns no timer, never throws on input. */
export class MqttPump {
  readonly pumpId: string
  #serial: string | null = null
  #identity: PumpIdentity | null = null
  #link: LinkState = 'closed'
  #lastHeardMs: number | null = null
  readonly #active = new Map<string, ReportedAlarm>()

  constructor(pumpId: string) {
    this.pumpId = pumpId
  }

  get link(): LinkState {
    return this.#link
  }
  get identity(): PumpIdentity | null {
    return this.#identity
  }
  /** What the pump calls itself; its id on every record is the client id. */
  get serial(): string {
    return this.#serial ?? this.pumpId
  }
  get lastHeardMs(): number | null {
    return this.#lastHeardMs
  }

  connected(): readonly PumpEvent[] {
    return this.#to('waiting', null)
  }

  /** The TCP connection is gone. */
  disconnected(): readonly PumpEvent[] {
    return this.#gone('the pump disconnected')
  }

  tick(nowMs: number): readonly PumpEvent[] {
    if (this.#lastHeardMs === null || this.#link === 'lost') return []
    const staleMs = 3 * (this.#identity?.statusIntervalMs ?? defaultIntervalMs)
    const silentMs = nowMs - this.#lastHeardMs
    if (silentMs >= Math.min(lostAtMostMs, Math.max(lostAtLeastMs, staleMs)))
      return this.#to('lost', this.#link === 'closed' ? 'the pump disconnected' : 'no telemetry from the pump')
    return silentMs >= staleMs && this.#link === 'up' ? this.#to('stale', 'no telemetry from the pump') : []
  }

  message(kind: MqttKind, payload: string, nowMs: number): MqttOutcome {
    const said = parseObject(payload)
    if (said === null) return { ok: false, fault: 'form', why: 'not a JSON object' }
    switch (kind) {
      case 'status':
        return this.#status(said)
      case 'telemetry':
        return this.#telemetry(said, nowMs)
      case 'alarm':
        return this.#alarm(said)
      case 'event':
        return this.#event(said)
    }
  }

  #status(said: Said): MqttOutcome {
    if (typeof said['online'] !== 'boolean') return { ok: false, fault: 'bad', why: 'online is missing' }
    const unknown = unknownOf(said, statusFields)
    if (!said['online']) return { ok: true, events: this.#gone('the pump went offline'), bad: [], unknown }
    const interval = said['intervalMs']
    this.#serial = text(said['serial'], 64)
    const bad = interval === undefined || typeof interval === 'number' ? [] : ['intervalMs']
    const marks = MeasurementStatus.array().safeParse(said['measurementStatus'] ?? [])
    const identity: PumpIdentity = {
      serial: this.pumpId,
      maker: text(said['maker'], 64),
      model: text(said['model'], 64),
      firmware: text(said['firmware'], 64),
      // An interval outside its range must not switch supervision off.
      statusIntervalMs: Math.min(5_000, Math.max(500, typeof interval === 'number' ? interval : defaultIntervalMs)),
      measurementStatus: marks.success ? marks.data : [],
    }
    this.#identity = identity
    return {
      ok: true,
      events: [{ kind: 'identified', identity }],
      bad: marks.success ? bad : [...bad, 'measurementStatus'],
      unknown,
    }
  }

  #telemetry(said: Said, nowMs: number): MqttOutcome {
    const repaired = repairSample(said, this.serial)
    if (repaired === null)
      return { ok: false, fault: 'bad', why: 'operatingState or activeAlarms is missing or malformed' }
    const { sample, bad, unknown } = repaired
    this.#lastHeardMs = nowMs
    this.#level(sample.channelId, sample.activeAlarms)
    return {
      ok: true,
      events: [
        ...this.#whoIsIt(),
        ...this.#to('up', null),
        { kind: 'alarms', active: [...this.#active.values()] },
        { kind: 'sample', sample },
      ],
      bad,
      unknown,
    }
  }

  /** `activeAlarms` is the truth about its channel; what alarm messages told about the same codes is kept. */
  #level(channelId: ChannelId, codes: readonly AlarmCode[]): void {
    for (const [key, alarm] of this.#active)
      if (alarm.channelId === channelId && !codes.includes(alarm.code)) this.#active.delete(key)
    for (const code of codes) {
      const known = [...this.#active.values()].some((alarm) => alarm.channelId === channelId && alarm.code === code)
      const alarm = { code, channelId, vendorCode: null, vendorText: null, priority: null }
      if (!known) this.#active.set(keyOf(alarm), alarm)
    }
  }

  #alarm(said: Said): MqttOutcome {
    const phase = ConditionPhase.safeParse(said['phase'])
    const word = text(said['code'], 64)
    if (!phase.success || word === null)
      return { ok: false, fault: 'bad', why: 'code or phase is missing or malformed' }
    const code = AlarmCode.safeParse(word)
    const priority = Priority.safeParse(said['priority'])
    const channelId = ChannelId.safeParse(said['channelId'] ?? '1')
    const inactivation = Inactivation.array().safeParse(said['inactivation'] ?? [])
    const startedAt = text(said['startedAt'], 64)
    const alarm: ReportedAlarm = {
      code: code.success ? code.data : 'device-text',
      channelId: channelId.success ? channelId.data : ChannelId.parse('1'),
      vendorCode: text(said['vendorCode'], 64) ?? (code.success ? null : word),
      vendorText: text(said['vendorText'], 256),
      priority: priority.success ? priority.data : null,
      inactivation: inactivation.success ? inactivation.data : [],
      ...(startedAt === null ? {} : { startedAt }),
    }
    const raised = phase.data !== 'end' && said['state'] !== 'inactive'
    const key = this.#keyFor(alarm)
    const known = this.#active.get(key)
    // Under the name it was first told by: the code alone, if telemetry was faster than this message.
    const told = { ...alarm, vendorCode: known === undefined ? alarm.vendorCode : known.vendorCode }
    if (raised) this.#active.set(key, told)
    else this.#active.delete(key)
    return {
      ok: true,
      events: [...this.#whoIsIt(), { kind: 'alarm-edge', alarm: told, raised }],
      bad: [
        ...(said['priority'] !== undefined && !priority.success ? ['priority'] : []),
        ...(channelId.success ? [] : ['channelId']),
        ...(inactivation.success ? [] : ['inactivation']),
      ],
      unknown: unknownOf(said, alarmFields),
    }
  }

  #keyFor(alarm: ReportedAlarm): string {
    const own = keyOf(alarm)
    if (this.#active.has(own)) return own
    const byCode = keyOf({ ...alarm, vendorCode: null })
    return this.#active.has(byCode) ? byCode : own
  }

  #event(said: Said): MqttOutcome {
    const event = PumpEventCode.safeParse(said['event'])
    if (!event.success) return { ok: false, fault: 'bad', why: 'event is missing or no known event' }
    const detail = EventDetail.safeParse(said['detail'] ?? {})
    const at = text(said['at'], 64)
    return {
      ok: true,
      events: [
        ...this.#whoIsIt(),
        {
          kind: 'event',
          event: event.data,
          detail: { ...(detail.success ? detail.data : {}), ...(at === null ? {} : { pumpClockAt: at }) },
        },
      ],
      bad: detail.success ? [] : ['detail'],
      unknown: unknownOf(said, eventFields),
    }
  }

  /** A pump that forgets to announce itself is known by its client id: its alarms must not wait for a status message. */
  #whoIsIt(): readonly PumpEvent[] {
    if (this.#identity !== null) return []
    this.#identity = {
      serial: this.pumpId,
      maker: null,
      model: null,
      firmware: null,
      statusIntervalMs: defaultIntervalMs,
      measurementStatus: [],
    }
    return [{ kind: 'identified', identity: this.#identity }]
  }

  /** By its will, its goodbye or its connection. It may be back in a moment, so the silence limit decides when it counts as lost. */
  #gone(reason: string): readonly PumpEvent[] {
    return this.#link === 'lost' ? [] : this.#to('closed', reason)
  }

  #to(link: LinkState, reason: string | null): readonly PumpEvent[] {
    if (link === this.#link) return []
    this.#link = link
    return [{ kind: 'link', link, reason }]
  }
}

const unknownOf = (said: Said, known: readonly string[]): readonly string[] =>
  Object.keys(said).filter((name) => !known.includes(name))

const parseObject = (payload: string): Said | null => {
  try {
    const value: unknown = JSON.parse(payload)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
