import type { TelemetrySample } from '../../telemetry.ts'
import type { CheckedText } from '../checked-text.ts'
import type { DecodeFault } from '../frame-decoder.ts'
import { FramedSession } from '../framed-session.ts'
import type { LinkLimits } from '../link-watch.ts'
import type { PumpEvent, PumpIdentity, SessionStep } from '../profile.ts'
import { sampleEvents } from '../sample-events.ts'
import { alarmsOf } from './alarm-codes.ts'
import { neurowaveDecoder } from './frame.ts'
import type { ConnReq } from './messages/connreq.ts'
import type { StatReq } from './messages/statreq.ts'
import { parseNeurowave } from './parse.ts'
import { Polling } from './polling.ts'
import { samplesOf } from './status.ts'

const limits = { staleMs: 9000, lostMs: 15_000 }
/** Replies of good grammar running whose sum is wrong: noise does not do that. */
const wrongSumsThatCount = 5

/** One AP-4000 on one port (neurowave-ap4000.md 3 to 5). Nothing is reported before it has said who it is. */
export class NeurowaveSession extends FramedSession<CheckedText> {
  readonly #polling: Polling
  readonly #statusIntervalMs: number
  /** The pump has named itself since the port was opened, or since it last fell silent. */
  #systemId: string | null = null
  /** Serial numbers of the channels: others mean that somebody may have moved the cable. */
  #channels: string | null = null
  #wrongSums = 0
  #previous: readonly TelemetrySample[] = []

  constructor(statusIntervalMs: number) {
    super(neurowaveDecoder)
    this.#polling = new Polling(statusIntervalMs)
    this.#statusIntervalMs = statusIntervalMs
  }

  protected override limits(): LinkLimits {
    return limits
  }

  protected override portOpened(nowMs: number): void {
    this.#forget()
    this.#wrongSums = 0
    this.#polling.reopened(nowMs)
  }

  protected override portClosed(): void {
    this.#forget()
  }

  protected override due(nowMs: number): readonly SessionStep[] {
    const { send, timeouts } = this.#polling.due(nowMs)
    this.counts.add('timeouts', timeouts)
    return send === null ? [] : [{ kind: 'send', bytes: send }]
  }

  protected override rejected(fault: DecodeFault): void {
    if (fault !== 'crc') return
    this.#wrongSums += 1
    if (this.#wrongSums >= wrongSumsThatCount) this.watch.unusable('check rule mismatch')
  }

  protected override frame({ text }: CheckedText, nowMs: number): readonly PumpEvent[] {
    this.#wrongSums = 0
    const parsed = parseNeurowave(text)
    const name = parsed.kind === 'reply' ? parsed.reply.type : parsed.kind === 'void' ? parsed.name : null
    if (name === null || !this.#polling.answered(name, nowMs)) {
      this.counts.add('bad')
      return []
    }
    if (parsed.kind === 'reply') {
      if (parsed.malformed) this.counts.add('bad')
      return parsed.reply.type === 'CONNREQ' ? this.#connected(parsed.reply, nowMs) : this.#status(parsed.reply, nowMs)
    }
    if (parsed.kind === 'void') {
      this.counts.add(parsed.fault)
      if (parsed.fault === 'unsup') return this.#unsupported(nowMs)
      this.watch.unusable('replies of the pump cannot be read')
    }
    return []
  }

  #unsupported(nowMs: number): readonly PumpEvent[] {
    this.#forget()
    this.#polling.unsupported(nowMs)
    const doubted = this.watch.doubted('unsupported protocol version')
    this.watch.unusable('unsupported protocol version')
    return doubted
  }

  #connected(reply: ConnReq, nowMs: number): readonly PumpEvent[] {
    const { systemId } = reply
    this.#polling.introduced(systemId, nowMs)
    if (systemId === this.#systemId) return []
    this.#systemId = systemId
    const before = this.known
    const identity: PumpIdentity = {
      serial: systemId,
      maker: 'NeuroWave',
      model: 'AP-4000',
      firmware: reply.softwareVersion?.slice(0, 64) ?? null,
      statusIntervalMs: this.#statusIntervalMs,
      measurementStatus: [],
    }
    this.known = identity
    if (before === null || before.serial === systemId) return [{ kind: 'identified', identity }]
    this.#previous = []
    this.#channels = null
    return [
      { kind: 'identity-changed', from: before.serial, to: systemId },
      ...this.watch.doubted('another pump answers on this port'),
      { kind: 'identified', identity },
    ]
  }

  #status(status: StatReq, nowMs: number): readonly PumpEvent[] {
    if (this.#systemId === null) return []
    const channels = status.channels.map(({ serial }) => serial).join('^')
    if (this.#channels !== null && this.#channels !== channels) return this.#otherChannels(nowMs)
    this.#channels = channels
    const active = alarmsOf(status)
    const samples = samplesOf(status, this.#systemId, active)
    const told = samples.flatMap((sample, index): readonly PumpEvent[] => [
      ...sampleEvents(this.#previous[index] ?? null, sample),
      { kind: 'sample', sample },
    ])
    this.#previous = samples
    return [...this.watch.heard(nowMs), { kind: 'alarms', active }, ...told]
  }

  /** Nothing of this status counts until the pump has said again who it is. */
  #otherChannels(nowMs: number): readonly PumpEvent[] {
    this.#forget()
    this.#polling.restart(nowMs)
    return this.watch.doubted('the channels of the pump have other serial numbers')
  }

  #forget(): void {
    this.#systemId = null
    this.#channels = null
  }
}
