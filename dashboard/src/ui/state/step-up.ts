import { signal } from '@preact/signals'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'

/** An act waits until the person has proved again who she is (security.md 4). */
export class StepUp {
  /** The dialog is open. */
  readonly asked = signal(false)
  #waiting: ((proven: boolean) => void)[] = []

  /** False: she closed the dialog. */
  ask(): Promise<boolean> {
    this.asked.value = true
    return new Promise((answer) => this.#waiting.push(answer))
  }

  answered(proven: boolean): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.asked.value = false
    for (const answer of waiting) answer(proven)
  }
}

/** The same link; a request that the server wants a fresh proof for is asked for one and sent again. */
export const withStepUp = (link: ServerLink, stepUp: StepUp): ServerLink => ({
  post: (message) => link.post(message),
  listen: (listener) => link.listen(listener),
  async request(request) {
    const answer = await link.request(request)
    if (answer.ok || answer.failure !== 'step-up-needed') return answer
    return (await stepUp.ask()) ? await link.request(request) : answer
  },
})
