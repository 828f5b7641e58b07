import type { LogEntry } from './event.ts'
import { longestOpenBlock, readBack, readForward } from './raw-blocks.ts'
import { stepped, stepsFrom } from './ring.ts'

/** So many entries are read back at most, and so many may come between two looks at the head of the log. */
const reach = 512

export type LogNews =
  /** What came after everything that was known, oldest first. */
  | { readonly kind: 'events'; readonly events: readonly LogEntry[] }
  /** The newest part of the log, oldest first; `whole`: from its first entry. */
  | { readonly kind: 'rebuilt'; readonly events: readonly LogEntry[]; readonly whole: boolean }
  /** Something was missed: everything before is in doubt, and the log is being read back again. */
  | { readonly kind: 'gap'; readonly reason: string }

/** Follows the pump's ring of log entries (zyno-miva.md 4). It says which entry it wants next and is given what was read. */
export class LogReader {
  readonly #settled: (oldestFirst: readonly LogEntry[]) => boolean
  #phase: 'new' | 'back' | 'following' = 'new'
  #tail = 0
  #head = 0
  /** Reading back: where it began. Following: the last entry that is done with. */
  #from = 0
  /** Read and not done with. */
  #held: LogEntry[] = []

  /** `settled`: these events say all that has to be known. */
  constructor(settled: (oldestFirst: readonly LogEntry[]) => boolean) {
    this.#settled = settled
  }

  /** Another port opening, or another pump. */
  restart(): void {
    this.#phase = 'new'
    this.#held = []
  }

  get following(): boolean {
    return this.#phase === 'following'
  }

  /** Everything that the pump has written is read; a block that it is still writing counts as read. */
  get caughtUp(): boolean {
    return this.following && this.wanted === null
  }

  /** Index of the entry to be read next; null: none. */
  get wanted(): number | null {
    switch (this.#phase) {
      case 'new':
        return null
      case 'back':
        return stepped(this.#from, -this.#held.length)
      case 'following':
        return this.#held.length < stepsFrom(this.#from, this.#head) ? stepped(this.#from, this.#held.length + 1) : null
    }
  }

  /** The pump has told where its log begins and ends. */
  ring(tail: number, head: number): readonly LogNews[] {
    this.#tail = tail
    this.#head = head
    if (this.#phase === 'following' && this.#missed()) {
      this.#readBack()
      return [{ kind: 'gap', reason: 'the log of the pump has moved on or was begun anew' }]
    }
    if (this.#phase === 'new' || (this.#phase === 'back' && stepsFrom(this.#from, head) > reach)) this.#readBack()
    return []
  }

  /** An entry that was asked for and read with a good check. */
  take(entry: LogEntry): readonly LogNews[] {
    if (entry.index !== this.wanted) return []
    this.#held.push(entry)
    return this.#phase === 'back' ? this.#back(entry.index === this.#tail) : this.#forward()
  }

  /** More came than can be read in order, or what was read last is no longer in the log. */
  #missed(): boolean {
    const inside =
      stepsFrom(this.#tail, this.#from) <= stepsFrom(this.#tail, this.#head) || stepped(this.#from, 1) === this.#tail
    return !inside || stepsFrom(this.#from, this.#head) > reach
  }

  #readBack(): void {
    this.#phase = 'back'
    this.#from = this.#head
    this.#held = []
  }

  #back(first: boolean): readonly LogNews[] {
    const { events, open, end } = readBack(this.#held)
    const oldestFirst = events.toReversed()
    const enough = end === 'enough' && this.#held.length >= longestOpenBlock && this.#settled(oldestFirst)
    if (!first && !enough && end !== 'broken' && this.#held.length < reach) return []
    this.#phase = 'following'
    this.#from = stepped(this.#from, -open)
    this.#held = []
    return [{ kind: 'rebuilt', events: oldestFirst, whole: first && end !== 'broken' }]
  }

  #forward(): readonly LogNews[] {
    const { events, consumed, broken } = readForward(this.#held)
    this.#from = stepped(this.#from, consumed)
    this.#held = this.#held.slice(consumed)
    const news: LogNews[] = events.length === 0 ? [] : [{ kind: 'events', events }]
    if (!broken) return news
    this.#readBack()
    return [...news, { kind: 'gap', reason: 'a program block in the log of the pump is broken' }]
  }
}
