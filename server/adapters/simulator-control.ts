import { z } from 'zod'
import type { ControlAnswer, SimulatorControl } from '../core/simulator-control.ts'

const answersWithinMs = 5000
const mostCharacters = 1024 * 1024

const Refusal = z.object({ error: z.string() })
const refusals = [400, 404, 409, 429] as const

const refused = (status: number, text: string): ControlAnswer<never> => {
  const known = refusals.find((one) => one === status)
  const why = Refusal.safeParse(jsonOf(text))
  return known === undefined || !why.success
    ? { kind: 'away' }
    : { kind: 'refused', status: known, why: why.data.error.slice(0, 500) }
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Null: there is more than a control port ever says. */
const textOf = async (reply: Response): Promise<string | null> => {
  let text = ''
  for await (const part of reply.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part
    if (text.length > mostCharacters) return null
  }
  return text
}

const asJson = (answer: ControlAnswer<string>): ControlAnswer<unknown> => {
  if (answer.kind !== 'done') return answer
  const body = jsonOf(answer.body)
  return body === undefined ? { kind: 'away' } : { kind: 'done', body }
}

/** The control port under `origin`, which is on this machine. Every failure is `away`. */
export const simulatorControl = (origin: string): SimulatorControl => {
  const ask = async (path: string, init: RequestInit): Promise<ControlAnswer<string>> => {
    try {
      const reply = await fetch(`${origin}${path}`, {
        ...init,
        redirect: 'error',
        signal: AbortSignal.timeout(answersWithinMs),
      })
      const text = await textOf(reply)
      if (text === null) return { kind: 'away' }
      return reply.ok ? { kind: 'done', body: text } : refused(reply.status, text)
    } catch {
      return { kind: 'away' }
    }
  }
  return {
    get: async (path) => asJson(await ask(path, {})),
    text: (path) => ask(path, {}),
    post: async (path, body) =>
      asJson(
        await ask(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
    async stream(path, ended) {
      try {
        const reply = await fetch(`${origin}${path}`, { redirect: 'error', signal: ended })
        if (reply.ok && reply.body !== null) return { kind: 'done', body: reply.body }
        return refused(reply.status, (await textOf(reply)) ?? '')
      } catch {
        return { kind: 'away' }
      }
    },
  }
}
