import { BlockList } from 'node:net'
import type { SocketAddress } from 'node:net'

/**
 * Asked by a listening server about each connection before there is a socket for it: a stranger who is sent away here costs an accept and a
 * close. Node closes such a connection without a word.
 */
export class Doorman extends BlockList {
  readonly #turnsAway: (address: string) => boolean

  constructor(turnsAway: (address: string) => boolean) {
    super()
    this.#turnsAway = turnsAway
  }

  override check(address: string | SocketAddress): boolean {
    return this.#turnsAway(typeof address === 'string' ? address : address.address)
  }
}
