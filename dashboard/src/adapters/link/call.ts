import type { z } from 'zod'
import type { ApiAnswer } from '#dashboard/core/worker-protocol.ts'

/** One request to the REST interface. */
export interface Call {
  readonly path: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly decode: (json: unknown) => ApiAnswer
}

export const decoded =
  <T>(schema: z.ZodType<T>, pick: (value: T) => Extract<ApiAnswer, { ok: true }>['body']) =>
  (json: unknown): ApiAnswer => {
    const parsed = schema.safeParse(json)
    return parsed.success ? { ok: true, body: pick(parsed.data) } : { ok: false, failure: 'unreadable' }
  }

/** What is of no interest but that it was done. */
export const done = (): ApiAnswer => ({ ok: true, body: null })
