import { signal } from '@preact/signals'
import type { AuditFilter, AuditPage } from '#domain/audit/api.ts'
import type { ApiFailure, ServerLink } from '#dashboard/core/worker-protocol.ts'

const pageSize = 100

/** The trail as far as it was asked for, newest first; what was told stays when the next answer does not come. */
export class AuditModel {
  readonly told = signal<AuditPage | null>(null)
  readonly failure = signal<ApiFailure | null>(null)
  readonly busy = signal(false)
  readonly #link: ServerLink
  #filter: AuditFilter = {}
  #asked = 0

  constructor(link: ServerLink) {
    this.#link = link
  }

  async ask(filter: AuditFilter): Promise<void> {
    this.#filter = filter
    await this.#load(undefined)
  }

  async older(): Promise<void> {
    await this.#load(this.told.peek()?.rows.at(-1)?.seq)
  }

  async #load(before: number | undefined): Promise<void> {
    this.busy.value = true
    this.#asked += 1
    const mine = this.#asked
    const answer = await this.#link.request<'audit'>({
      what: 'audit',
      filter: this.#filter,
      before: before ?? null,
      limit: pageSize,
    })
    // Another question was asked meanwhile.
    if (mine !== this.#asked) return
    this.busy.value = false
    this.failure.value = answer.ok ? null : answer.failure
    if (!answer.ok) return
    const known = before === undefined ? [] : (this.told.peek()?.rows ?? [])
    this.told.value = { ...answer.body, rows: [...known, ...answer.body.rows] }
  }
}
