import { Credits, type CreditRate } from './credits.ts'
import type { MqttKind } from './mqtt-topic.ts'

/** Payloads above this many bytes are refused (security.md 3). */
export const maxPayloadBytes = 16 * 1024
/** A hub serves this many MQTT pumps at most. */
export const maxMqttPumps = 32

/** From the first byte of a connection to a client that is who it says, ms. */
export const authenticateWithinMs = 5_000
export const waitingPerAddress = 3
export const waitingTogether = 32

const addressRate: CreditRate = { burst: 10, perSecond: 10 / 60 }
/** Of all addresses together from which no pump has come yet: a packet of nonsense costs the hub half a millisecond, and an attacker on the network has as many addresses as he likes. At once as many as a hub has pumps, and a few: what an alarm may have to wait behind. */
export const strangerRate: CreditRate = { burst: maxMqttPumps + 8, perSecond: 50 }
const pumpConnectRate: CreditRate = { burst: 20, perSecond: 0.5 }
/** Beyond this many addresses the one that was seen first is forgotten. */
const addressesKept = 256
/** Addresses of pumps; twice as many as there are pumps, because addresses change. */
const homesKept = 2 * maxMqttPumps

/** What a pump may publish. Telemetry comes every interval and at each change; its place is not the alarms' place. */
export const publishRate = (kind: MqttKind, intervalMs: number): CreditRate => {
  switch (kind) {
    case 'telemetry':
      return { burst: 50, perSecond: Math.max(1, 2000 / intervalMs) }
    case 'alarm':
    case 'event':
      return { burst: 50, perSecond: 2 }
    case 'status':
      return { burst: 50, perSecond: 1 }
  }
}

/** What else a client may send: subscriptions, pings, second halves of QoS 2. */
export const otherPacketRate: CreditRate = { burst: 200, perSecond: 20 }

export type DoorRefusal = 'addressWaiting' | 'addressRate' | 'strangerRate'

interface Caller {
  readonly credits: Credits
  waiting: number
}

/** An IPv6 host has a whole /64 to call from. */
const networkOf = (address: string): string =>
  address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address

/**
 * Who may come to the door: few at a time from one address before they have shown who they are, and not again and again. A client
 * that shows who it is costs its address nothing, so that many pumps behind one address do no harm to each other. Addresses from which a pump has
 * come do not wait for strangers.
 */
export class Door {
  readonly #callers = new Map<string, Caller>()
  readonly #homes = new Set<string>()
  readonly #strangers = new Credits(strangerRate.burst, 0)

  /** Null: come in, then tell `passed` or `left` once. */
  knock(address: string, nowMs: number): DoorRefusal | null {
    const network = networkOf(address)
    const stranger = !this.#homes.has(network)
    // Of one who is sent away nothing is kept: a flood costs no memory, and nobody's account is forgotten for it.
    if (stranger && !this.#strangers.has(strangerRate.perSecond, nowMs)) return 'strangerRate'
    const caller = this.#caller(network, nowMs)
    if (caller.waiting >= waitingPerAddress) return 'addressWaiting'
    if (!caller.credits.take(addressRate.perSecond, nowMs)) return 'addressRate'
    if (stranger) this.#strangers.take(strangerRate.perSecond, nowMs)
    caller.waiting += 1
    return null
  }

  /** It has shown who it is. */
  passed(address: string): void {
    this.#gone(address)?.credits.refund()
    const network = networkOf(address)
    if (!this.#homes.delete(network)) this.#strangers.refund()
    this.#homes.add(network)
    const [oldest] = this.#homes
    if (this.#homes.size > homesKept && oldest !== undefined) this.#homes.delete(oldest)
  }

  /** It went, or was sent away, without showing who it is. */
  left(address: string): void {
    this.#gone(address)
  }

  #gone(address: string): Caller | undefined {
    const caller = this.#callers.get(networkOf(address))
    if (caller !== undefined) caller.waiting = Math.max(0, caller.waiting - 1)
    return caller
  }

  #caller(network: string, nowMs: number): Caller {
    const known = this.#callers.get(network)
    if (known !== undefined) return known
    const [oldest] = this.#callers.keys()
    if (this.#callers.size >= addressesKept && oldest !== undefined) this.#callers.delete(oldest)
    const caller = { credits: new Credits(addressRate.burst, nowMs), waiting: 0 }
    this.#callers.set(network, caller)
    return caller
  }
}

/** What each pump may do per time, whatever connection it does it on. Holds at most as many pumps as a hub serves. */
export class PumpAllowance {
  readonly #accounts = new Map<string, Credits>()

  connect(pumpId: string, nowMs: number): boolean {
    return this.#take(`${pumpId}/connect`, pumpConnectRate, nowMs)
  }

  publish(pumpId: string, kind: MqttKind, intervalMs: number, nowMs: number): boolean {
    return this.#take(`${pumpId}/${kind}`, publishRate(kind, intervalMs), nowMs)
  }

  #take(name: string, { burst, perSecond }: CreditRate, nowMs: number): boolean {
    let account = this.#accounts.get(name)
    if (account === undefined) {
      account = new Credits(burst, nowMs)
      this.#accounts.set(name, account)
    }
    return account.take(perSecond, nowMs)
  }
}
