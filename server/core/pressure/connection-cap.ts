/** Connections that one address may hold; a hundred hubs or walls behind one router stay far below. */
const perAddress = 500

/** Counts open connections by address, so that one caller cannot hold all there are. */
export class ConnectionCap {
  readonly #most: number
  readonly #open = new Map<string, number>()
  refused = 0

  constructor(most = perAddress) {
    this.#most = most
  }

  /** False: one too many. Else `left` is to be called when it ends. */
  came(address: string): boolean {
    const open = this.#open.get(address) ?? 0
    if (open >= this.#most) {
      this.refused += 1
      return false
    }
    this.#open.set(address, open + 1)
    return true
  }

  left(address: string): void {
    const open = this.#open.get(address) ?? 0
    if (open <= 1) this.#open.delete(address)
    else this.#open.set(address, open - 1)
  }
}
