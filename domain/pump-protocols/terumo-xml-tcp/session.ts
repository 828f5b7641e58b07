import { ChannelId } from '../../ids.ts'
import type { TelemetrySample } from '../../telemetry.ts'
import type { CheckedText } from '../checked-text.ts'
import { FramedSession } from '../framed-session.ts'
import type { LinkLimits } from '../link-watch.ts'
import type { PumpEvent, PumpIdentity, SessionStep } from '../profile.ts'
import { sampleEvents } from '../sample-events.ts'
import type { TerumoModel } from './alarm-bits.ts'
import { alarmsOf } from './alarm-bits.ts'
import { terumoDecoder } from './frame.ts'
import type { BasicStatus } from './messages/basic-status.ts'
import { basicStatusCommand, parseTerumo } from './parse.ts'
import { Polling } from './polling.ts'
import { sampleOf } from './status.ts'

/** Status is asked for every 2 s; two of them may be missing. */
const statusIntervalMs = 2000
const limits: LinkLimits = { staleMs: 6000, lostMs: 10_000 }

/** A lost pump that still says its name, but no state, is asked for its name this often. */
const searchEveryMs = 30_000

/** These pumps have one channel. */
const channelId = ChannelId.parse('1')

/** One Terumo pump behind one connection (terumo-xml-tcp.md 3 to 7). Nothing is reported before it has said who it is. */
export class TerumoSession extends FramedSession<CheckedText> {
  readonly #model: TerumoModel
  readonly #polling = new Polling()
  #identified = false
  #previous: TelemetrySample | null = null
  #searchAtMs = 0

  constructor(model: TerumoModel) {
    super(terumoDecoder)
    this.#model = model
  }

  protected override limits(): LinkLimits {
    return limits
  }

  protected override portOpened(): void {
    this.#forget()
  }

  protected override portClosed(): void {
    this.#forget()
  }

  protected override due(nowMs: number): readonly SessionStep[] {
    this.#search(nowMs)
    const { send, timeouts, giveUp } = this.#polling.due(nowMs)
    this.counts.add('timeouts', timeouts)
    if (giveUp) return [{ kind: 'reopen', reason: 'no answer from the pump' }]
    return send === null ? [] : [{ kind: 'send', bytes: send }]
  }

  protected override frame({ text }: CheckedText, nowMs: number): readonly PumpEvent[] {
    const parsed = parseTerumo(text)
    switch (parsed.kind) {
      case 'identity':
        return this.#polling.asksIdentity ? this.#identity(parsed.reply.id, nowMs) : this.#bad()
      case 'status':
        return this.#answers(parsed.to) ? this.#status(parsed.status, nowMs) : this.#bad()
      case 'refused':
        return this.#answers(parsed.to) ? this.watch.refused(`pump refused: ${parsed.result}`) : this.#bad()
      case 'other':
      case 'request':
      case 'void':
        return this.#bad()
    }
  }

  /** Half-open connections look like silence: whoever is lost is asked for its name again, and then given up. */
  #search(nowMs: number): void {
    if (!this.#identified || this.watch.state !== 'lost' || nowMs < this.#searchAtMs) return
    this.#searchAtMs = nowMs + searchEveryMs
    this.#forget()
  }

  #answers({ id, sequence, command }: { id: string; sequence: number; command: string }): boolean {
    return command === basicStatusCommand && this.#polling.answered(id, sequence)
  }

  #bad(): readonly PumpEvent[] {
    this.counts.add('bad')
    return []
  }

  #identity(serial: string, nowMs: number): readonly PumpEvent[] {
    const before = this.known
    this.#polling.identified(serial, nowMs)
    if (this.#identified && before?.serial === serial) return []
    this.#identified = true
    const identity = identityOf(serial, before?.serial === serial ? before.firmware : null)
    this.known = identity
    if (before === null || before.serial === serial) return [{ kind: 'identified', identity }]
    this.#previous = null
    return [
      { kind: 'identity-changed', from: before.serial, to: serial },
      ...this.watch.doubted('another pump answers on this port'),
      { kind: 'identified', identity },
    ]
  }

  #status(status: BasicStatus, nowMs: number): readonly PumpEvent[] {
    const { known } = this
    if (known === null) return []
    const active = alarmsOf(this.#model, status.alarmBits, channelId)
    const sample = sampleOf(status, channelId, known.serial, active)
    const happened = sampleEvents(this.#previous, sample)
    this.#previous = sample
    return [
      ...this.#software(known, status.software),
      ...this.watch.heard(nowMs),
      { kind: 'alarms', active },
      ...happened,
      { kind: 'sample', sample },
    ]
  }

  /** The identity does not tell it, the status does. */
  #software(known: PumpIdentity, software: string): readonly PumpEvent[] {
    if (known.firmware === software) return []
    const identity = identityOf(known.serial, software)
    this.known = identity
    return [{ kind: 'identified', identity }]
  }

  #forget(): void {
    this.#identified = false
    this.#polling.restart()
  }
}

const identityOf = (serial: string, firmware: string | null): PumpIdentity => ({
  serial,
  maker: null,
  model: null,
  firmware,
  statusIntervalMs,
  measurementStatus: [],
})
