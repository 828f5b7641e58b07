import { ChannelId } from '../../ids.ts'
import type { TelemetrySample } from '../../telemetry.ts'
import type { CheckedText } from '../checked-text.ts'
import { valueOf } from '../fields.ts'
import { eventSteps, FramedSession } from '../framed-session.ts'
import type { LinkLimits } from '../link-watch.ts'
import type { PumpEvent, PumpIdentity, ReportedAlarm, SessionStep } from '../profile.ts'
import { sampleEvents } from '../sample-events.ts'
import { alarmOf, flagWithoutCode } from './alarm-codes.ts'
import { alarisDecoder } from './frame.ts'
import type { Alarm } from './messages/alarm.ts'
import type { Inf } from './messages/inf.ts'
import type { SyringeStatus } from './messages/syringe-status.ts'
import type { AlarisReply } from './parse.ts'
import { parseAlaris } from './parse.ts'
import { Polling } from './polling.ts'
import type { Setting } from './status.ts'
import { rawOf, sampleOf } from './status.ts'

/** INF is asked for every 2 s; three of them may be missing. */
const statusIntervalMs = 2000
const limits = { staleMs: 6000, lostMs: 10_000 }
/** INF replies with the alarm flag, while ALARM names none, before that is an alarm of its own. */
const flagsThatCount = 2

/** Syringe pumps have one channel. */
const channelId = ChannelId.parse('1')

const noSetting: Setting = { vtbiMl: null, raw: {} }

/** One Alaris syringe pump on one port (alaris-acp.md 3 to 5). Nothing is reported before its serial number is known. */
export class AlarisSession extends FramedSession<CheckedText> {
  readonly #polling = new Polling()
  /** The opening requests of this opening have named the pump. */
  #identified = false
  /** What the opening requests have told so far. */
  #serial: string | null = null
  #protocol: string | null = null
  /** The alarm that ALARM names; null = none, undefined = it has not said. */
  #named: ReportedAlarm | null | undefined = undefined
  #flags = 0
  #setting = noSetting
  #syringe: string | null = null
  /** Both halves of the state must stay fresh: values without alarms look like all is well. */
  #alarmHeardMs = 0
  #infHeardMs = 0
  #previous: TelemetrySample | null = null

  constructor() {
    super(alarisDecoder)
  }

  protected override limits(): LinkLimits {
    return limits
  }

  protected override portOpened(nowMs: number): void {
    this.#forget()
    this.#polling.reopened(nowMs)
  }

  protected override portClosed(): void {
    this.#forget()
  }

  protected override due(nowMs: number): readonly SessionStep[] {
    const { send, timeouts } = this.#polling.due(nowMs)
    this.counts.add('timeouts', timeouts)
    const introduced = eventSteps(this.#introduce(nowMs))
    return send === null ? introduced : [...introduced, { kind: 'send', bytes: send }]
  }

  protected override frame({ text }: CheckedText, nowMs: number): readonly PumpEvent[] {
    const parsed = parseAlaris(text)
    if (parsed.kind !== 'reply' || !this.#polling.answered(parsed.reply.type, nowMs)) {
      this.counts.add('bad')
      return []
    }
    if (parsed.malformed) this.counts.add('bad')
    return this.#reply(parsed.reply, text, nowMs)
  }

  #reply(reply: AlarisReply, text: string, nowMs: number): readonly PumpEvent[] {
    switch (reply.type) {
      case 'INST_SERIALNO':
        return this.#serialNumber(valueOf(reply.serial), nowMs)
      case 'COMMS_PROTOCOL':
        this.#protocol = reply.protocol.slice(0, 64) || null
        this.#polling.settled(reply.type, nowMs)
        return []
      case 'COMMS_RESPONSE_MAX':
        this.#polling.slowest(valueOf(reply.responseMax))
        this.#polling.settled(reply.type, nowMs)
        return []
      case 'SYRINGE_STATUS':
        this.#syringeStatus(reply)
        return []
      case 'INF_RATE_MAX_SYRINGE':
        this.#note('rateMaxSyringe', text)
        return []
      case 'INF_VTBI':
        this.#setting = { ...this.#setting, vtbiMl: reply.unit === 'ml' ? valueOf(reply.volume) : null }
        this.#note('vtbi', text)
        return []
      case 'ALARM':
        return this.#identified ? this.#alarm(reply, nowMs) : []
      case 'INF':
        return this.#identified ? this.#status(reply, text, nowMs) : []
    }
  }

  #serialNumber(serial: string | null, nowMs: number): readonly PumpEvent[] {
    if (serial === null) return []
    if (this.#identified && serial !== this.known?.serial) return this.#otherPump(serial, nowMs)
    this.#serial = serial
    this.#polling.settled('INST_SERIALNO', nowMs)
    return []
  }

  /** Reports the pump as soon as the opening requests are through. */
  #introduce(nowMs: number): readonly PumpEvent[] {
    if (this.#identified || !this.#polling.introduced || this.#serial === null) return []
    const known = this.known
    const identity: PumpIdentity = {
      serial: this.#serial,
      maker: null,
      model: null,
      firmware: this.#protocol,
      statusIntervalMs,
      measurementStatus: [],
    }
    this.known = identity
    this.#identified = true
    this.#alarmHeardMs = nowMs
    this.#infHeardMs = nowMs
    if (known === null || known.serial === identity.serial) return [{ kind: 'identified', identity }]
    this.#previous = null
    return [
      { kind: 'identity-changed', from: known.serial, to: identity.serial },
      { kind: 'identified', identity },
    ]
  }

  /** Another serial number in the middle of polling: everything is asked anew before anything counts. */
  #otherPump(serial: string, nowMs: number): readonly PumpEvent[] {
    const from = this.known?.serial ?? ''
    if (this.known) this.known = { ...this.known, serial, firmware: null }
    this.#previous = null
    this.#forget()
    this.#polling.restart(nowMs)
    return [{ kind: 'identity-changed', from, to: serial }, ...this.watch.doubted('another pump answers on this port')]
  }

  #forget(): void {
    this.#identified = false
    this.#serial = null
    this.#protocol = null
    this.#named = undefined
    this.#flags = 0
    this.#setting = noSetting
    this.#syringe = null
  }

  #alarm(reply: Alarm, nowMs: number): readonly PumpEvent[] {
    this.#named = alarmOf(reply, channelId)
    if (this.#named !== null) this.#flags = 0
    this.#alarmHeardMs = nowMs
    return [...this.#heard(nowMs), { kind: 'alarms', active: this.#active() }]
  }

  #status(inf: Inf, text: string, nowMs: number): readonly PumpEvent[] {
    const serial = valueOf(inf.serial) ?? this.known?.serial ?? ''
    if (serial !== this.known?.serial) return this.#otherPump(serial, nowMs)
    const before = this.#active()
    this.#flags = inf.alarmFlag === 'A' && !this.#named ? this.#flags + 1 : 0
    const active = this.#active()
    const level: readonly PumpEvent[] = before.length === active.length ? [] : [{ kind: 'alarms', active }]
    this.#infHeardMs = nowMs
    // until ALARM has spoken, a sample would claim a list of alarms that nobody knows
    if (this.#named === undefined) return [...this.#heard(nowMs), ...level]
    const codes = active.map(({ code }) => code)
    const sample = sampleOf(inf, rawOf(text), channelId, serial, this.#setting, codes)
    const happened = sampleEvents(this.#previous, sample)
    this.#previous = sample
    return [...this.#heard(nowMs), ...level, ...happened, { kind: 'sample', sample }]
  }

  #active(): readonly ReportedAlarm[] {
    if (this.#named) return [this.#named]
    return this.#flags >= flagsThatCount ? [flagWithoutCode(channelId)] : []
  }

  #heard(nowMs: number): readonly PumpEvent[] {
    const olderMs = Math.min(this.#alarmHeardMs, this.#infHeardMs)
    return nowMs - olderMs < limits.staleMs ? this.watch.heard(olderMs) : []
  }

  #syringeStatus({ syringeName, size, confirmation }: SyringeStatus): void {
    const syringe = `${syringeName} ${valueOf(size) ?? '?'} ${confirmation}`
    if (syringe !== this.#syringe) this.#polling.syringeChanged()
    this.#syringe = syringe
    this.#setting = { ...this.#setting, raw: { ...this.#setting.raw, syringe } }
  }

  /** Keeps the fields of a reply as the vendor sent them. */
  #note(name: string, text: string): void {
    const words = text.split('^').slice(1).join(' ').trim()
    this.#setting = { ...this.#setting, raw: { ...this.#setting.raw, [name]: words } }
  }
}
