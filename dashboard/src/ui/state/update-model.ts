import { signal } from '@preact/signals'
import { updateDue } from '#dashboard/core/update-due.ts'
import type { UpdateLook } from '#dashboard/core/update-due.ts'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'
import type { LiveStore } from './live-store.ts'

const triedKey = 'loaded-for'

/** Chromium lets a page that had a press sound again after it loads itself; Firefox and Safari want a new press. */
const keepsSound = 'userAgentData' in navigator

interface Needs {
  readonly link: ServerLink
  readonly live: LiveStore
  readonly quietMs: () => number
  /** Whether alarms are shown and heard here. */
  readonly watches: () => boolean
}

/** Whether the server is of another build than this page, or a part of the page did not come, and when it may load itself anew. */
export class UpdateModel {
  readonly look = signal<UpdateLook>('none')
  readonly partMissing = signal(false)
  readonly #needs: Needs
  #serverBuild: string | null = null
  #otherProtocol = false

  constructor(needs: Needs) {
    this.#needs = needs
    needs.link.listen((message) => {
      if (message.kind === 'beat') this.#serverBuild = message.build
      if (message.kind === 'other-protocol') this.#otherProtocol = true
      if (message.kind === 'part-missing') this.partMissing.value = true
      if (message.kind === 'beat' || message.kind === 'other-protocol') this.judge()
    })
  }

  /** `pressed`: somebody asks for the part that is missing, and the server answers. */
  judge(pressed = false): void {
    const { live, quietMs, watches } = this.#needs
    this.look.value = updateDue({
      ownBuild: import.meta.env.VITE_BUILD,
      serverBuild: this.#serverBuild,
      otherProtocol: this.#otherProtocol,
      partMissing: this.partMissing.peek(),
      isLive: pressed || live.link.peek() === 'live',
      highOpen: [...live.alarms.peek().values()].some(({ priority }) => priority === 'high'),
      quietMs: pressed ? Infinity : quietMs(),
      dialogOpen: document.querySelector('dialog[open]') !== null,
      keepsSound: keepsSound || !watches(),
      triedAlready: !pressed && sessionStorage.getItem(triedKey) === this.#wanted(),
    })
    if (this.look.peek() === 'now') this.load()
  }

  /** A part was asked for once more, in vain: browsers that remember what failed have it for a page that is loaded anew. */
  async missed(): Promise<void> {
    this.partMissing.value = true
    if (await this.#answers()) this.judge(true)
  }

  async press(): Promise<void> {
    if (await this.#answers()) this.load()
  }

  load(): void {
    sessionStorage.setItem(triedKey, this.#wanted())
    location.reload()
  }

  async #answers(): Promise<boolean> {
    const answer = await this.#needs.link.request<'me'>({ what: 'me' })
    return answer.ok || answer.failure === 'signed-out'
  }

  #wanted(): string {
    if (this.#otherProtocol) return 'other protocol'
    return this.partMissing.peek() ? 'missing part' : (this.#serverBuild ?? '')
  }
}
