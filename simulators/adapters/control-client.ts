import { z } from 'zod'
import { SimulatedPumpDetail, SimulatorList, WireLine } from '#domain/simulators/control.ts'
import { SimulatorError } from '../core/errors.ts'

const answersWithinMs = 3000

/** What the control port itself refuses, in its words; `SIM_SERVER_REFUSED`: nobody answers as one. */
export class ControlClient {
  readonly place: string
  readonly #url: string

  /** `place`: host:port of a control port on this machine. */
  constructor(place: string) {
    this.place = place
    this.#url = `http://${place}`
  }

  list(): Promise<SimulatorList> {
    return this.#read('/pumps', SimulatorList)
  }

  detail(pumpId: string): Promise<SimulatedPumpDetail> {
    return this.#read(`/pumps/${pumpId}`, SimulatedPumpDetail)
  }

  async scenario(pumpId: string): Promise<string> {
    return await (await this.#ask(`/pumps/${pumpId}/scenario`)).text()
  }

  async post(path: string, body: object): Promise<void> {
    await this.#ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  /** Hands every line on until `ended`. Resolves when the other end stops, rejects when it is not there. */
  async watch(pumpId: string, ended: AbortSignal, line: (line: WireLine) => void): Promise<void> {
    const reply = await this.#ask(`/pumps/${pumpId}/wire`, { signal: ended })
    let rest = ''
    for await (const text of reply.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) line(WireLine.parse(JSON.parse(part)))
    }
  }

  async #read<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    const reply = await this.#ask(path)
    const parsed = schema.safeParse(await reply.json().catch(() => null))
    if (parsed.success) return parsed.data
    throw new SimulatorError(
      'SIM_SERVER_REFUSED',
      `${this.place} answers, but not as the control port of "simulators run".`,
    )
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const signal = init.signal ?? AbortSignal.timeout(answersWithinMs)
    const reply = await fetch(`${this.#url}${path}`, { ...init, signal, redirect: 'error' }).catch((cause: unknown) => {
      throw new SimulatorError('SIM_SERVER_REFUSED', `No control port answers at ${this.place}.`, { cause })
    })
    if (reply.ok) return reply
    const why = z.object({ error: z.string() }).safeParse(await reply.json().catch(() => null))
    const words = why.success ? why.data.error : `${this.place} answers ${reply.status} to ${path}.`
    throw new SimulatorError('SIM_SERVER_REFUSED', words)
  }
}
