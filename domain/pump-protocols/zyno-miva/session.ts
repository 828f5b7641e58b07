import type { TelemetrySample } from '../../telemetry.ts'
import type { CheckedText } from '../checked-text.ts'
import { valueOf } from '../fields.ts'
import type { DecodeFault } from '../frame-decoder.ts'
import { eventSteps, FramedSession } from '../framed-session.ts'
import type { LinkLimits } from '../link-watch.ts'
import type { PumpEvent, PumpIdentity, SessionStep } from '../profile.ts'
import { sampleEvents } from '../sample-events.ts'
import type { LogEntry } from './event.ts'
import { eventOf } from './event.ts'
import type { EventTable } from './event-meaning.ts'
import { meaningOf } from './event-meaning.ts'
import type { CheckRule } from './frame.ts'
import { mivaDecoder, textOf } from './frame.ts'
import { journalled } from './journal.ts'
import { alarmsOf, applied, complete, doubted, emptyPicture, isSettled } from './log-picture.ts'
import type { LogNews } from './log-reader.ts'
import { LogReader } from './log-reader.ts'
import type { Rc } from './messages/rc.ts'
import type { MivaReply } from './parse.ts'
import { parseMiva } from './parse.ts'
import { Polling } from './polling.ts'
import { entryRequest } from './requests.ts'
import { ToldValues } from './status.ts'

/** Values are asked for every 5 s, the end of the log every second. */
const statusIntervalMs = 5000
const limits = { staleMs: 3000, lostMs: 10_000 }
/** Replies running with a wrong check to what was asked: noise does not do that. */
const wrongChecksThatCount = 10
/** Requests running that nobody answered: then the pump has to say again who it is. */
const silencesThatCount = 5

export interface MivaSettings {
  readonly check: CheckRule
  readonly eventTable: EventTable
}

/** One MIVA pump on one port (zyno-miva.md 2 to 5). Nothing is reported before it is known and its log has been read back. */
export class MivaSession extends FramedSession<CheckedText> {
  readonly #table: EventTable
  readonly #polling: Polling
  readonly #log = new LogReader((oldestFirst) => this.#settles(oldestFirst))
  readonly #told = new ToldValues()
  #picture = emptyPicture
  #timeFormat: Rc['timeFormat'] | null = null
  #identified = false
  /** What the opening requests have told so far. */
  #serial: string | null = null
  #firmware: string | null = null
  #wrongChecks = 0
  /** The check does not fit: polling rests until the pump is understood again. */
  #mismatched = false
  #silences = 0
  /** A list of alarms has to be told as soon as the log is followed again. */
  #owed = true
  #previous: TelemetrySample | null = null

  constructor({ check, eventTable }: MivaSettings) {
    super(() => mivaDecoder(check))
    this.#table = eventTable
    this.#polling = new Polling(check)
  }

  protected override limits(): LinkLimits {
    return limits
  }

  protected override portOpened(nowMs: number): void {
    this.#wrongChecks = 0
    this.#mismatched = false
    this.#polling.reopened(nowMs)
    this.#begin()
  }

  protected override portClosed(): void {
    this.#begin()
  }

  protected override due(nowMs: number): readonly SessionStep[] {
    const told = eventSteps([...this.#introduce(), ...this.#misunderstood(nowMs)])
    const { send, timeouts } = this.#polling.due(nowMs, this.#identified ? this.#log.wanted : null)
    this.counts.add('timeouts', timeouts)
    this.#silences += timeouts
    if (this.#identified && this.#silences >= silencesThatCount) {
      this.#begin()
      this.#polling.restart(nowMs)
    }
    return send === null ? told : [...told, { kind: 'send', bytes: send }]
  }

  protected override rejected(fault: DecodeFault, discarded: Uint8Array): void {
    const text = fault === 'crc' ? textOf(discarded) : null
    if (text === null || text.slice(0, 2) !== this.#polling.outstanding?.slice(0, 2)) return
    this.#wrongChecks += 1
  }

  #misunderstood(nowMs: number): readonly PumpEvent[] {
    if (this.#mismatched || this.#wrongChecks < wrongChecksThatCount) return []
    this.#mismatched = true
    this.#begin()
    this.#polling.suspend(nowMs)
    this.watch.unusable('check variant mismatch')
    return this.watch.doubted('check variant mismatch')
  }

  protected override frame({ text }: CheckedText, nowMs: number): readonly PumpEvent[] {
    const parsed = parseMiva(text)
    if (parsed.kind !== 'reply') {
      // without an answer of use the request is repeated
      this.counts.add('bad')
      return []
    }
    const { reply } = parsed
    if (!this.#polling.answered(reply.type === 'RE' ? entryRequest(reply.index) : reply.type, nowMs)) {
      this.counts.add('bad')
      return []
    }
    this.#wrongChecks = 0
    this.#mismatched = false
    this.#silences = 0
    if (parsed.malformed) this.counts.add('bad')
    return this.#reply(reply, nowMs)
  }

  #reply(reply: MivaReply, nowMs: number): readonly PumpEvent[] {
    switch (reply.type) {
      case 'RN':
        return this.#serialNumber(valueOf(reply.serial), nowMs)
      case 'RS':
        this.#firmware = valueOf(reply.firmware)
        this.#polling.settled(reply.type, nowMs)
        return []
      case 'RI':
        return this.#identified ? this.#news(this.#log.ring(reply.tail, reply.head), nowMs) : []
      case 'RE':
        return this.#identified ? this.#news(this.#log.take(reply), nowMs) : []
      case 'RC':
        this.#timeFormat = reply.timeFormat
        this.#polling.settled(reply.type, nowMs)
        this.#told.take(reply, nowMs)
        return []
      case 'Q6':
        this.#told.take(reply, nowMs)
        return this.#sample(nowMs)
      case 'Q7':
        this.#told.take(reply, nowMs)
        return this.#told.sample(this.#picture, '', nowMs).operatingState === this.#previous?.operatingState
          ? []
          : this.#sample(nowMs)
      case 'RB':
      case 'RL':
      case 'R7':
      case 'RD':
      case 'R2':
      case 'Q0':
      case 'Q3':
      case 'Q4':
      case 'Q5':
      case 'QD':
        this.#told.take(reply, nowMs)
        return []
    }
  }

  #serialNumber(serial: string | null, nowMs: number): readonly PumpEvent[] {
    if (serial === null) return []
    this.#polling.settled('RN', nowMs)
    if (this.#identified && serial !== this.known?.serial) {
      this.#begin()
      this.#polling.restart(nowMs)
      return this.watch.doubted('another pump answers on this port')
    }
    this.#serial = serial
    return []
  }

  #introduce(): readonly PumpEvent[] {
    if (this.#identified || !this.#polling.introduced || this.#serial === null) return []
    const before = this.known
    const identity: PumpIdentity = {
      serial: this.#serial,
      maker: 'Zyno',
      model: null,
      firmware: this.#firmware,
      statusIntervalMs,
      measurementStatus: [],
    }
    this.known = identity
    this.#identified = true
    if (before === null || before.serial === identity.serial) return [{ kind: 'identified', identity }]
    this.#picture = emptyPicture
    this.#previous = null
    return [
      { kind: 'identity-changed', from: before.serial, to: identity.serial },
      { kind: 'identified', identity },
    ]
  }

  /** The pump has to say again who it is, and its log is read back: alarms stay as they are, but nobody knows. */
  #begin(): void {
    this.#identified = false
    this.#serial = null
    this.#firmware = null
    this.#silences = 0
    this.#owed = true
    this.#told.forget()
    this.#log.restart()
    this.#picture = doubted(this.#picture)
  }

  #settles(oldestFirst: readonly LogEntry[]): boolean {
    const events = oldestFirst.map((entry) => eventOf(entry, this.#timeFormat))
    const meanings = events.map(({ type }) => meaningOf(type, this.#table)?.meaning)
    // nothing before the pump was switched off counts; and what has no end of its own ends with a run
    if (meanings[0] === 'power-off') return true
    return meanings.includes('run') && isSettled(events.reduce(this.#applied, emptyPicture))
  }

  readonly #applied = (picture: typeof emptyPicture, event: Parameters<typeof applied>[1]): typeof emptyPicture =>
    applied(picture, event, this.#table)

  #news(news: readonly LogNews[], nowMs: number): readonly PumpEvent[] {
    const told = news.flatMap((one): readonly PumpEvent[] => {
      switch (one.kind) {
        case 'gap':
          this.#owed = true
          this.#picture = doubted(this.#picture)
          return this.watch.doubted(one.reason)
        case 'rebuilt': {
          const read = one.events
            .map((entry) => eventOf(entry, this.#timeFormat))
            .reduce(this.#applied, doubted(this.#picture))
          this.#picture = one.whole ? complete(read) : read
          return []
        }
        case 'events':
          return one.events.flatMap((entry) => this.#happened(entry, nowMs))
      }
    })
    const moved = news.some(({ kind }) => kind === 'events')
    return [...told, ...(this.#log.caughtUp || moved ? this.#alive(nowMs) : [])]
  }

  /** The log is being followed: alarms are known as far as it tells. */
  #alive(nowMs: number): readonly PumpEvent[] {
    if (!this.#log.following) return []
    const again = this.#owed || !this.#linked
    const heard = this.watch.heard(nowMs)
    this.#owed = false
    return again ? [...heard, ...this.#level(), ...this.#sample(nowMs)] : heard
  }

  get #linked(): boolean {
    return this.link === 'up' || this.link === 'stale'
  }

  /** One event at a time, so that an alarm that is over by now has still been there. */
  #happened(entry: LogEntry, nowMs: number): readonly PumpEvent[] {
    const event = eventOf(entry, this.#timeFormat)
    const before = this.#picture
    this.#picture = this.#applied(before, event)
    const told = journalled(event, meaningOf(event.type, this.#table)?.meaning ?? null)
    if (before === this.#picture) return told
    return [...told, ...this.#level(), ...this.#sample(nowMs)]
  }

  /** While the pump is off its alarms are unknown: no list is a statement. */
  #level(): readonly PumpEvent[] {
    if (this.#picture.state === 'off') return []
    return [{ kind: 'alarms', active: alarmsOf(this.#picture) }]
  }

  #sample(nowMs: number): readonly PumpEvent[] {
    const serial = this.known?.serial
    if (serial === undefined || !this.#log.following || !this.#linked) return []
    const sample = this.#told.sample(this.#picture, serial, nowMs)
    const happened = sampleEvents(this.#previous, sample)
    this.#previous = sample
    return [...happened, { kind: 'sample', sample }]
  }
}
