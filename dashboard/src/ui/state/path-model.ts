import { computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { ShiftCheckState } from '#domain/live/api.ts'
import type { PathProven } from '#domain/live/messages.ts'
import type { AudioDesk } from '#dashboard/core/audio-port.ts'
import { pathLook } from '#dashboard/core/path-look.ts'
import type { PathLook } from '#dashboard/core/path-look.ts'
import type { FromWorker, ServerLink } from '#dashboard/core/worker-protocol.ts'
import type { LiveStore } from './live-store.ts'

/** How the shift check is getting on. */
export type CheckStep = 'idle' | 'no-sound' | 'asking' | 'sending' | 'failed'

/** Proofs that this page would sound, and its nurse's word that she would hear it. */
export class PathModel {
  readonly step = signal<CheckStep>('idle')
  readonly check = signal<ShiftCheckState['check']>(null)
  readonly look: ReadonlySignal<PathLook>
  readonly #proven = signal<PathProven | null>(null)
  readonly #checks = signal(false)
  readonly #link: ServerLink
  readonly #audio: AudioDesk
  readonly #live: LiveStore
  #startedAt = performance.now()

  constructor(link: ServerLink, audio: AudioDesk, live: LiveStore) {
    this.#link = link
    this.#audio = audio
    this.#live = live
    this.look = computed(() => {
      const now = live.now.value
      return pathLook({
        provenAt: this.#proven.value?.provenAt ?? null,
        overdueAfterMs: this.#proven.value?.overdueAfterMs ?? null,
        waitingMs: performance.now() - this.#startedAt,
        check: this.check.value,
        checks: this.#checks.value,
        now,
      })
    })
  }

  /** At sign-in. `checks`: alarms are this person's business. */
  start(checks: boolean): void {
    this.#startedAt = performance.now()
    this.#proven.value = null
    this.check.value = null
    this.step.value = 'idle'
    this.#checks.value = false
    if (checks) void this.#ask()
  }

  take(message: Extract<FromWorker, { kind: 'canary' | 'path-proven' }>): void {
    if (message.kind === 'path-proven') {
      this.#proven.value = message.proven
      return
    }
    const { canaryId } = message.canary
    this.#audio.prove((audioMs) => this.#link.post({ kind: 'canary-heard', heard: { canaryId, audioMs } }))
  }

  /** One audible test page, inside a user gesture. */
  play(): void {
    this.#audio.arm()
    const isHeard = this.#audio.test('high', this.#live.serverNow(performance.now()))
    this.step.value = isHeard ? 'asking' : 'no-sound'
  }

  async answer(heard: boolean): Promise<void> {
    this.step.value = 'sending'
    const answer = await this.#link.request<'shift-checked'>({ what: 'shift-checked', heard })
    if (answer.ok) this.check.value = answer.body.check
    this.step.value = answer.ok ? 'idle' : 'failed'
  }

  async #ask(): Promise<void> {
    const answer = await this.#link.request<'shift-check'>({ what: 'shift-check' })
    if (!answer.ok) return
    this.check.value = answer.body.check
    this.#checks.value = true
  }
}
