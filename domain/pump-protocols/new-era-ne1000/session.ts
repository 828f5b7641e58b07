import { ChannelId } from '../../ids.ts'
import type { TelemetrySample } from '../../telemetry.ts'
import type { CheckedText } from '../checked-text.ts'
import { FramedSession } from '../framed-session.ts'
import type { LinkLimits } from '../link-watch.ts'
import type { PumpEvent, PumpIdentity, ReportedAlarm, SessionStep } from '../profile.ts'
import { sampleEvents } from '../sample-events.ts'
import { alarmOf, powerWasInterrupted } from './alarm-codes.ts'
import { newEraDecoder, newEraRequest } from './frame.ts'
import type { NewEraParsed } from './parse.ts'
import { parseNewEra } from './parse.ts'
import { Polling } from './polling.ts'
import type { NewEraSettings } from './settings.ts'
import { targetsOf } from './settings.ts'
import type { Told } from './status.ts'
import { sampleOf } from './status.ts'

const statusIntervalMs = 2000
const limits: LinkLimits = { staleMs: 6000, lostMs: 10_000 }
/** A pushed alarm that is pushed again after this long is told anew: what became of it in between nobody knows. */
const toldAnewAfterMs = 60_000
/** Basic replies of one status, without a check, before they end an alarm. */
const equalReplies = 2

const words = {
  listening: 'listening only, link not supervised',
  deaf: 'listening only, link not supervised; in Basic mode this pump never speaks unasked: set poll',
  polling: 'queries acknowledge pump alarms',
  stopped: (addresses: readonly string[]): string =>
    `queries to pump ${addresses.join(', ')} stopped at its alarm, because each one acknowledges it: look at the pump, then restart the gateway to ask again`,
} as const

/** One pump of the line. */
interface Member {
  told: Told
  /** Replies of the same status running. */
  equal: number
  /** By what the pump calls them, and when each was told last. */
  readonly alarms: Map<string, { readonly alarm: ReportedAlarm; readonly atMs: number }>
  previous: TelemetrySample | null
}

/**
 * One line of New Era pumps (new-era-ne1000.md 2 to 6). They cannot say who they are: the line is the pump, each address a channel.
 * With `poll: off` nothing is ever sent.
 */
export class NewEraSession extends FramedSession<CheckedText> {
  readonly #settings: NewEraSettings
  readonly #identity: PumpIdentity
  readonly #polling: Polling
  readonly #members = new Map<string, Member>()
  /** Addresses that have answered since the port was opened. */
  readonly #heard = new Set<string>()

  constructor(settings: NewEraSettings, port: string) {
    super(() => newEraDecoder(settings.mode))
    this.#settings = settings
    this.#polling = new Polling(settings.poll === 'off' ? [] : targetsOf(settings.addresses))
    this.#identity = identityOf(settings.assetTag === '' ? `NE-1000-at-${port}` : settings.assetTag)
  }

  forget({ channelId, vendorCode }: Pick<ReportedAlarm, 'channelId' | 'vendorCode'>): void {
    if (channelId !== null && vendorCode !== null) this.#members.get(channelId)?.alarms.delete(vendorCode)
  }

  protected override limits(): LinkLimits {
    return limits
  }

  protected override portOpened(): void {
    this.#heard.clear()
    this.#polling.reopened()
    for (const member of this.#members.values()) member.equal = 0
  }

  protected override portClosed(): void {
    this.#polling.reopened()
  }

  protected override due(nowMs: number): readonly SessionStep[] {
    const steps: SessionStep[] = []
    const tell = (events: readonly PumpEvent[]): void => {
      for (const event of events) steps.push({ kind: 'event', event })
    }
    if (this.known === null) {
      this.known = this.#identity
      tell([{ kind: 'identified', identity: this.#identity }])
    }
    if (this.#polling.asksNobody && this.watch.state !== 'listening') tell(this.#listen())
    const { ask, timeouts } = this.#polling.due(nowMs)
    this.counts.add('timeouts', timeouts)
    if (ask !== null)
      steps.push({ kind: 'send', bytes: newEraRequest(this.#settings.mode, (ask.target ?? '') + ask.query) })
    return steps
  }

  protected override frame({ text }: CheckedText, nowMs: number): readonly PumpEvent[] {
    const parsed = parseNewEra(text)
    switch (parsed.kind) {
      case 'alarm':
        return this.#alarm(parsed.address, parsed.alarm, nowMs)
      case 'reply':
        return this.#reply(parsed, nowMs)
      case 'command':
      case 'void':
        return this.#bad()
    }
  }

  #bad(): readonly PumpEvent[] {
    this.counts.add('bad')
    return []
  }

  #listen(): readonly PumpEvent[] {
    if (this.#settings.poll !== 'off') return this.watch.listening(words.stopped(this.#polling.stopped))
    return this.watch.listening(this.#settings.mode === 'safe' ? words.listening : words.deaf)
  }

  #alarm(address: string, told: string, nowMs: number): readonly PumpEvent[] {
    const member = this.#member(address)
    const known = member.alarms.get(told)
    const note = this.#note(told)
    const alarm = alarmOf(told, ChannelId.parse(address), note)
    const isNew = known === undefined || nowMs - known.atMs >= toldAnewAfterMs
    // What was told before may have been over meanwhile: a push is a beginning.
    const over: readonly PumpEvent[] = isNew ? this.#level(member, told) : []
    member.alarms.set(told, { alarm, atMs: nowMs })
    member.told = { ...member.told, status: told }
    member.equal = 0
    if (this.#polling.addresses.includes(address)) this.#polling.stop(address)
    const restarted: readonly PumpEvent[] =
      isNew && told === powerWasInterrupted ? [{ kind: 'event', event: 'power-on', detail: { address } }] : []
    return [
      ...restarted,
      ...this.#spoke(address, nowMs),
      ...over,
      ...this.#level(),
      ...(isNew ? this.#sample(address, member) : []),
    ]
  }

  /** What a nurse has to know about an alarm that nobody asks about. */
  #note(told: string): string | null {
    if (this.#settings.poll === 'off') return 'not re-read: this pump is only listened to'
    return told === 'A?T' ? 'queries had stopped' : null
  }

  #reply(reply: Extract<NewEraParsed, { kind: 'reply' }>, nowMs: number): readonly PumpEvent[] {
    const { address, status, data } = reply
    const query = this.#polling.outstanding(address)
    if (data.type === 'error') {
      if (query !== null) this.#polling.answered()
      this.counts.add('bad')
      return this.#polling.asksNobody ? [] : this.watch.refused(`pump ${address} answers ${data.error}`)
    }
    // Data that nobody asked for, or that belongs to the other question.
    if (data.type !== 'status' && data.type !== query) return this.#bad()
    if (query !== null) this.#polling.answered()
    const member = this.#member(address)
    if (member.told.status !== status) this.#polling.askRateSoon(address)
    member.equal = member.told.status === status ? member.equal + 1 : 1
    member.told = {
      status,
      dispensed: data.type === 'DIS' ? data : member.told.dispensed,
      rate: data.type === 'RAT' ? data : member.told.rate,
    }
    if (this.#trusts(member)) member.alarms.clear()
    // until its alarms are known, a sample would claim a list that nobody knows
    const known = this.#trusts(member) || member.alarms.size > 0
    return [...this.#spoke(address, nowMs), ...this.#level(), ...(known ? this.#sample(address, member) : [])]
  }

  /** Whether this reply may end alarms. */
  #trusts(member: Member): boolean {
    return this.#settings.mode === 'safe' || member.equal >= equalReplies
  }

  #spoke(address: string, nowMs: number): readonly PumpEvent[] {
    this.#heard.add(address)
    if (this.#polling.asksNobody) {
      this.watch.heardUnasked(nowMs)
      return this.#listen()
    }
    const { stopped } = this.#polling
    return this.watch.heard(nowMs, stopped.length === 0 ? words.polling : words.stopped(stopped))
  }

  /**
   * The full list; `without` one alarm of one pump. While pumps are asked it waits until each has answered: a list without the alarms of
   * a pump that has not spoken would end them.
   */
  #level(of?: Member, without?: string): readonly PumpEvent[] {
    const active = [...this.#members.values()].flatMap((member) =>
      [...member.alarms].flatMap(([told, { alarm }]) => (member === of && told === without ? [] : [alarm])),
    )
    if (this.#isComplete) return [{ kind: 'alarms', active }]
    return active.map((alarm) => ({ kind: 'alarm-edge', alarm, raised: true }))
  }

  get #isComplete(): boolean {
    return this.#polling.addresses.every((address) => {
      const member = this.#members.get(address)
      if (member === undefined || !this.#heard.has(address)) return false
      return member.alarms.size > 0 || this.#trusts(member)
    })
  }

  #sample(address: string, member: Member): readonly PumpEvent[] {
    const sample = sampleOf(member.told, {
      channelId: ChannelId.parse(address),
      serial: this.#identity.serial,
      activeAlarms: [...member.alarms.values()].map(({ alarm }) => alarm.code),
      checked: this.#settings.mode === 'safe',
    })
    const happened = sampleEvents(member.previous, sample)
    member.previous = sample
    return [...happened, { kind: 'sample', sample }]
  }

  #member(address: string): Member {
    const known = this.#members.get(address)
    if (known !== undefined) return known
    const member: Member = {
      told: { status: '', dispensed: null, rate: null },
      equal: 0,
      alarms: new Map(),
      previous: null,
    }
    this.#members.set(address, member)
    return member
  }
}

const identityOf = (serial: string): PumpIdentity => ({
  serial: serial.slice(0, 64),
  maker: 'New Era',
  model: 'NE-1000 family, laboratory pump, not for patients',
  firmware: null,
  statusIntervalMs,
  measurementStatus: ['test'],
})
