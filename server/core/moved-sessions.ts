/**
 * A fresh proof gives a session a new id. Sockets and streams that were opened under the old one go on for as long as the session
 * does; the old id itself lets nobody in any more.
 */
export class MovedSessions {
  readonly #now = new Map<string, string>()

  moved(from: string, to: string): void {
    for (const [old, now] of this.#now) if (now === from) this.#now.set(old, to)
    this.#now.set(from, to)
    const oldest = this.#now.keys().next()
    if (this.#now.size > mostKept && oldest.done !== true) this.#now.delete(oldest.value)
  }

  /** What the session is called by now. */
  current(sessionHash: string): string {
    return this.#now.get(sessionHash) ?? sessionHash
  }

  /** The session is over: everything it was ever called. */
  ended(sessionHash: string): readonly string[] {
    const old = [...this.#now].filter(([, now]) => now === sessionHash).map(([was]) => was)
    for (const was of old) this.#now.delete(was)
    return [sessionHash, ...old]
  }
}

const mostKept = 10_000
