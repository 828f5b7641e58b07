import type { Outgoing, OutgoingAnswer, OutgoingFailure, OutgoingRequest } from '#server/core/outgoing.ts'

/** Services outside under a test's control. */
export class FakeOutgoing implements Outgoing {
  /** As `POST url with a body`, in order. */
  readonly asked: string[] = []
  answer: OutgoingAnswer = { is: 'answered', status: 200, retryAfterMs: null }
  reached: OutgoingFailure | 'timed-out' | null = null

  async send({ method, url, body }: OutgoingRequest): Promise<OutgoingAnswer> {
    if (!this.allows(url)) return { is: 'failed', reason: 'bad-address' }
    this.asked.push(`${method} ${url} ${body === null ? '-' : 'with a body'}`)
    return this.answer
  }

  async reach(url: string): Promise<OutgoingFailure | 'timed-out' | null> {
    return this.allows(url) ? this.reached : 'bad-address'
  }

  allows(url: string): boolean {
    return URL.parse(url)?.protocol === 'https:'
  }
}
