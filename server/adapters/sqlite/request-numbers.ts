import type { DatabaseSync } from 'node:sqlite'
import type { BootId, HubId } from '#domain/ids.ts'
import type { NonceBook } from '#server/core/ports.ts'
import { hasSeq, rangeChanges, withSeqs, type SeqRanges } from '#server/core/seq-ranges.ts'
import * as sql from './journal-sql.ts'
import { number, text } from './row.ts'

interface Book {
  readonly hubId: string
  readonly bootId: string
  stored: SeqRanges
  taken: SeqRanges
}

/**
 * Attempts of signed requests as ranges per boot: for ever, in a few rows. A number is taken in memory at once; `flush` writes what is
 * new inside the transaction of the batch it came with. A crash before that forgets the number together with its batch.
 */
export class SqliteRequestNumbers implements NonceBook {
  readonly #books = new Map<string, Book>()
  readonly #changed = new Set<Book>()
  readonly #put
  readonly #delete

  constructor(database: DatabaseSync) {
    this.#put = database.prepare(sql.putRequestNumbers)
    this.#delete = database.prepare(sql.deleteRequestNumbers)
    for (const row of database.prepare(sql.requestNumbers).iterate()) {
      const book = this.#book(text(row, 'hub_id'), text(row, 'boot_id'))
      book.stored = [...book.stored, [number(row, 'first'), number(row, 'last')]]
      book.taken = book.stored
    }
  }

  take(hubId: HubId, bootId: BootId, attempt: number): boolean {
    const book = this.#book(hubId, bootId)
    if (hasSeq(book.taken, attempt)) return false
    book.taken = withSeqs(book.taken, [attempt])
    this.#changed.add(book)
    return true
  }

  /** Inside a transaction. Call `flushed` after its COMMIT. */
  flush(): void {
    for (const book of this.#changed) {
      const { gone, put } = rangeChanges(book.stored, book.taken)
      for (const first of gone) this.#delete.run(book.hubId, book.bootId, first)
      for (const [first, last] of put) this.#put.run(book.hubId, book.bootId, first, last)
    }
  }

  flushed(): void {
    for (const book of this.#changed) book.stored = book.taken
    this.#changed.clear()
  }

  #book(hubId: string, bootId: string): Book {
    const key = `${hubId}/${bootId}`
    const known = this.#books.get(key)
    if (known !== undefined) return known
    const book: Book = { hubId, bootId, stored: [], taken: [] }
    this.#books.set(key, book)
    return book
  }
}
