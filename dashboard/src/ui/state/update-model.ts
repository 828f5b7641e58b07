import { signal } from '@preact/signals'
import { updateDue } from '#dashboard/core/update-due.ts'
import type { UpdateLook } from '#dashboard/core/update-due.ts'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'
import type { LiveStore } from './live-store.ts'

const triedKey = 'loaded-for'

/** Chromium lets a page that had a press sound again after it loads itself; Firefox and Safari want a new press. */
const keepsSound = 'userAgentData' in navigator

/** Whether the server is of another build than this page, and when the page may load itself anew. */
export class UpdateModel {
  readonly look = signal<UpdateLook>('none')
  readonly #live: LiveStore
  readonly #quietMs: () => number
  #serverBuild: string | null = null
  #otherProtocol = false

  constructor(link: ServerLink, live: LiveStore, quietMs: () => number) {
    this.#live = live
    this.#quietMs = quietMs
    link.listen((message) => {
      if (message.kind === 'beat') this.#serverBuild = message.build
      if (message.kind === 'other-protocol') this.#otherProtocol = true
      if (message.kind === 'beat' || message.kind === 'other-protocol') this.judge()
    })
  }

  judge(): void {
    this.look.value = updateDue({
      ownBuild: import.meta.env.VITE_BUILD,
      serverBuild: this.#serverBuild,
      otherProtocol: this.#otherProtocol,
      highOpen: [...this.#live.alarms.peek().values()].some(({ priority }) => priority === 'high'),
      quietMs: this.#quietMs(),
      dialogOpen: document.querySelector('dialog[open]') !== null,
      keepsSound,
      triedAlready: sessionStorage.getItem(triedKey) === this.#wanted(),
    })
    if (this.look.peek() === 'now') this.load()
  }

  load(): void {
    sessionStorage.setItem(triedKey, this.#wanted())
    location.reload()
  }

  #wanted(): string {
    return this.#otherProtocol ? 'other protocol' : (this.#serverBuild ?? '')
  }
}
