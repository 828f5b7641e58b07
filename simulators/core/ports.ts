import type { ProgramFault } from './faults/catalog.ts'
import type { Publication } from './statement.ts'

/** The pump's end of a cable. Losing bytes is normal here: a UART does not wait for whoever is at the other end. */
export interface Wire extends AsyncDisposable {
  /** Where a gateway finds it: a device path, or `tcp://host:port`. */
  readonly address: string
  readonly plugged: boolean
  /** What could not be written because the cable was out, nobody was connected or its buffer was full. */
  readonly droppedBytes: number
  /** Replaces the listener for bytes from the other end. */
  onReceived(listener: (bytes: Uint8Array) => void): void
  write(bytes: Uint8Array): void
  /** Pulls the cable: the other end sees its port vanish within milliseconds. Idempotent. */
  unplug(): Promise<void>
  /** Puts the cable back in, under the same address. Idempotent. */
  plug(): Promise<void>
}

/** A pump's own connection to a broker. */
export interface Publisher extends AsyncDisposable {
  /** `mqtt://host:port`. */
  readonly address: string
  readonly plugged: boolean
  /** Not yet acknowledged by the broker. */
  readonly pending: number
  /** Publications that never left: samples while the connection was down. */
  readonly dropped: number
  /** Resolves to whether the broker acknowledged it. What is to be kept is told again after a broken connection. */
  publish(publication: Publication): Promise<boolean>
  /** Sends the packet of the last publication again, with its id and the DUP flag; nothing when it never left. */
  retransmit(): void
  unplug(): Promise<void>
  plug(): Promise<void>
}

/** The programs around the pumps, as far as somebody has put them into our hands. */
export interface Surroundings {
  /** Why a fault cannot be done here, in a sentence; null: it can. */
  cannot(fault: ProgramFault): string | null
  /** Begins or ends a fault. What went wrong, in a sentence; null: it is done. */
  change(fault: ProgramFault, on: boolean, amount: number): string | null
}

/** Where the truth goes: one entry per fact, in order. Never waits. */
export interface TruthLog {
  write(entry: TruthEntry): void
}

/** What happened to one pump, with whatever tells more about it. */
export interface Happened {
  readonly [more: string]: unknown
  readonly kind: string
  readonly pumpId: string
}

/** With the moment it was put on the wire, by this machine's clocks. */
export interface TruthEntry extends Happened {
  readonly wallAt: number
  readonly monotonicMs: number
}
