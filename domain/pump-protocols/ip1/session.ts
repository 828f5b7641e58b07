import { ChannelId } from '../../ids.ts'
import type { MeasurementStatus, TelemetrySample } from '../../telemetry.ts'
import type { CheckedText } from '../checked-text.ts'
import { valueOf } from '../fields.ts'
import { FramedSession } from '../framed-session.ts'
import type { LinkLimits } from '../link-watch.ts'
import type { PumpEvent, PumpIdentity, SessionStep } from '../profile.ts'
import { sampleEvents } from '../sample-events.ts'
import { bitsOf } from './alarm-bits.ts'
import { AlarmEdges } from './alarm-edges.ts'
import { CommandLine } from './command-line.ts'
import { ip1Decoder } from './frame.ts'
import type { Ak } from './messages/ak.ts'
import type { Al } from './messages/al.ts'
import type { Hi } from './messages/hi.ts'
import type { St } from './messages/st.ts'
import { parseIp1 } from './parse.ts'
import { judgeSequence, sequenceHorizonMs } from './sequence.ts'
import { alarmsOf, sampleOf } from './status.ts'

const defaultIntervalMs = 1000
const shortestIntervalMs = 500
const longestIntervalMs = 5000
const lostAtLeastMs = 5000

/** IP1 pumps have one channel. */
const channelId = ChannelId.parse('1')

/** One IP1 pump on one port (ip1.md 3). Nothing is reported about a pump before its HI. */
export class Ip1Session extends FramedSession<CheckedText> {
  readonly #commands = new CommandLine()
  /** HI has come in this opening and for this boot id. */
  #identified = false
  #boot: string | null = null
  #lastSeq: number | null = null
  #lastAcceptedMs = 0
  /** A new boot id of a pump that was known; told once HI has said that it is still the same pump. */
  #restarted = false
  readonly #edges = new AlarmEdges(channelId)
  #previous: TelemetrySample | null = null

  constructor() {
    super(ip1Decoder)
  }

  protected override portOpened(): void {
    this.#identified = false
    this.#commands.reopened()
    this.#commands.identityWanted(true)
  }

  protected override portClosed(): void {
    this.#identified = false
    this.#edges.reopened()
  }

  protected override limits(): LinkLimits {
    const staleMs = 3 * (this.known?.statusIntervalMs ?? defaultIntervalMs)
    return { staleMs, lostMs: Math.max(staleMs, lostAtLeastMs) }
  }

  protected override due(nowMs: number): readonly SessionStep[] {
    const { send, timeouts } = this.#commands.due(nowMs)
    this.counts.add('timeouts', timeouts)
    return send.map((bytes) => ({ kind: 'send', bytes }))
  }

  protected override frame({ text }: CheckedText, nowMs: number): readonly PumpEvent[] {
    const parsed = parseIp1(text)
    if (!parsed.ok) {
      this.counts.add(parsed.fault)
      if (parsed.fault === 'unsup') this.watch.unusable('unsupported version')
      return []
    }
    const { message, boot } = parsed
    if (parsed.malformed || message.type === 'CM' || message.type === 'LG') this.counts.add('bad')
    if (message.type === 'CM') return [] // an echo of the host, not the pump
    const restart = boot === this.#boot ? [] : this.#newBoot(boot, message.type)
    const accepted = this.#accept(Number.parseInt(parsed.seq, 16), nowMs)
    // the pump repeats an AL until it gets a receipt: what is told late is still news
    if (message.type === 'AL') return [...restart, ...this.#edge(message, !accepted)]
    if (!accepted) return restart
    switch (message.type) {
      case 'HI':
        return [...restart, ...this.#hello(message)]
      case 'ST':
        return [...restart, ...this.#status(message, nowMs)]
      case 'AK':
        this.#answer(message)
        return restart
      case 'LG':
        return restart
    }
  }

  /** A new boot id is a new session: identity and alarms are unknown again. */
  #newBoot(boot: string, type: 'HI' | 'ST' | 'AL' | 'AK' | 'LG'): readonly PumpEvent[] {
    this.#restarted = this.#boot !== null
    this.#boot = boot
    this.#lastSeq = null
    this.#identified = false
    this.#edges.reset()
    this.#commands.restart(boot)
    this.#commands.identityWanted(true)
    return type === 'HI' ? [] : this.watch.doubted('the pump has not said who it is')
  }

  #accept(seq: number, nowMs: number): boolean {
    const last = nowMs - this.#lastAcceptedMs > sequenceHorizonMs ? null : this.#lastSeq
    const verdict = judgeSequence(last, seq)
    if (verdict.kind !== 'accept') {
      this.counts.add(verdict.kind)
      return false
    }
    this.counts.add('missed', verdict.missed)
    this.#lastSeq = seq
    this.#lastAcceptedMs = nowMs
    return true
  }

  #hello(hi: Hi): readonly PumpEvent[] {
    const identity = identityOf(hi)
    if (identity === null) return []
    const known = this.known
    const steps: PumpEvent[] = []
    if (known !== null && known.serial !== identity.serial) {
      steps.push({ kind: 'identity-changed', from: known.serial, to: identity.serial })
      this.#restarted = false
      this.#previous = null
      this.#edges.reset()
    }
    if (!this.#identified || known === null || !sameIdentity(known, identity))
      steps.push({ kind: 'identified', identity })
    if (this.#restarted) steps.push({ kind: 'event', event: 'power-on', detail: { inferred: true, boot: this.#boot } })
    this.#restarted = false
    this.known = identity
    this.#identified = true
    this.#commands.answers = hi.capabilities.split('+').includes('AK')
    this.#commands.identityWanted(false)
    return steps
  }

  #status(st: St, nowMs: number): readonly PumpEvent[] {
    const identity = this.#whoSpeaks()
    if (identity === null) return []
    const active = alarmsOf(st, channelId, this.#edges.told)
    this.#edges.leveled(bitsOf(st.alarmBitmap))
    const sample = sampleOf(st, channelId, identity.serial, identity.measurementStatus)
    const happened = sampleEvents(this.#previous, sample)
    this.#previous = sample
    return [...this.watch.heard(nowMs), { kind: 'alarms', active }, ...happened, { kind: 'sample', sample }]
  }

  /** A receipt says that the alarm is on record, so a pump that nobody knows yet gets none: it tells the alarm again. */
  #edge(al: Al, overtaken: boolean): readonly PumpEvent[] {
    if (this.#whoSpeaks() === null) return []
    this.#commands.receipt(al.notification)
    return this.#edges.take(al, overtaken)
  }

  #answer(ak: Ak): void {
    const seq = valueOf(ak.answered)
    if (seq !== null && !this.#commands.answered(seq)) this.counts.add('bad')
  }

  #whoSpeaks(): PumpIdentity | null {
    if (this.#identified) return this.known
    this.watch.unusable('the pump has not said who it is')
    return null
  }
}

/** Null without a readable device id: then nobody has been identified. */
const identityOf = (hi: Hi): PumpIdentity | null => {
  const serial = valueOf(hi.devId)
  if (serial === null) return null
  const capabilities = hi.capabilities.split('+')
  const marks: readonly MeasurementStatus[] = [
    ...(capabilities.includes('DEMO') ? (['demo'] as const) : []),
    ...(capabilities.includes('TEST') ? (['test'] as const) : []),
  ]
  const interval = valueOf(hi.statusInterval) ?? defaultIntervalMs
  return {
    serial,
    maker: valueOf(hi.maker) || null,
    model: valueOf(hi.model) || null,
    firmware: valueOf(hi.firmware) || null,
    // an interval outside its range must not switch supervision off
    statusIntervalMs: Math.min(Math.max(interval, shortestIntervalMs), longestIntervalMs),
    measurementStatus: marks,
  }
}

const sameIdentity = (a: PumpIdentity, b: PumpIdentity): boolean =>
  a.serial === b.serial &&
  a.maker === b.maker &&
  a.model === b.model &&
  a.firmware === b.firmware &&
  a.statusIntervalMs === b.statusIntervalMs &&
  a.measurementStatus.join() === b.measurementStatus.join()
