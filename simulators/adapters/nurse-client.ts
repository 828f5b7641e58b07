import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { AlarmDetail, AlarmList, History } from '#domain/live/api.ts'
import { PumpView } from '#domain/live/views.ts'
import { SimulatorError } from '../core/errors.ts'
import type { AlarmHistoryEntry, AlarmView } from '#domain/live/views.ts'
import type { StoredSample } from '../core/oracle/compare-samples.ts'

/** Most points of one answer that each stand for one sample. */
export const pointsAtOnce = 2_000
const alarmsAtOnce = 500
/** Shortest window that is asked for, ms: however fast pumps tell, it ends. */
const shortestMs = 1_000
/** A server that is busy, or that ends a connection, is asked again after so long, ms. */
const againAfterMs = [200, 1_000, 4_000] as const

/** No more of a pump, and of an alarm's detail, is wanted. */
const Channel = z.object({ sample: z.object({ channelId: z.string() }).nullable() })
const Story = AlarmDetail.pick({ history: true })
const Known = PumpView.pick({ pumpId: true, hubId: true })
  .partial({ hubId: true })
  .extend({
    sample: Channel.shape.sample.optional(),
    otherChannels: z.array(Channel).default([]),
  })
const PumpNames = z.object({ pumps: z.array(Known) })

export interface KnownPump {
  readonly pumpId: string
  readonly hubId: string | null
  /** As far as the server has heard of them. */
  readonly channels: readonly string[]
}

/** Somebody signed in at a server, who only reads. Rejects with `SIM_SERVER_REFUSED`. */
export class NurseClient {
  readonly #url: string
  readonly #cookie: string

  private constructor(url: string, cookie: string) {
    this.#url = url
    this.#cookie = cookie
  }

  /** Rejects with `SIM_SERVER_REFUSED` when the server is not there or does not know the name and password. */
  static async signIn(url: string, name: string, password: string): Promise<NurseClient> {
    const reply = await ask(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ name, password }),
    })
    const cookie = reply.headers.getSetCookie()[0]?.split(';')[0]
    if (cookie === undefined) throw new SimulatorError('SIM_SERVER_REFUSED', `${url} did not begin a session.`)
    return new NurseClient(url, cookie)
  }

  async pumps(): Promise<readonly KnownPump[]> {
    return (await this.#get('/pumps', PumpNames)).pumps.map(({ pumpId, hubId, sample, otherChannels }) => ({
      pumpId,
      hubId: hubId ?? null,
      channels: [sample ?? null, ...otherChannels.map((other) => other.sample)].flatMap((one) => one?.channelId ?? []),
    }))
  }

  /** Open and closed ones that started at or after `from`, ms. */
  async alarms(from: number): Promise<readonly AlarmView[]> {
    const found = new Map<string, AlarmView>()
    for (const state of ['open', 'closed'])
      for (let before: number | null = null; ;) {
        const query = `state=${state}&limit=${alarmsAtOnce}${before === null ? '' : `&before=${before}`}`
        const page: readonly AlarmView[] = (await this.#get(`/alarms?${query}`, AlarmList)).alarms
        const fresh = page.filter(({ episodeId }) => !found.has(episodeId))
        for (const alarm of fresh) found.set(alarm.episodeId, alarm)
        const oldest = page.at(-1)?.startedAt
        if (page.length < alarmsAtOnce || oldest === undefined || oldest < from) break
        // Those of the same moment may go on on the next page.
        before = fresh.length > 0 && oldest + 1 !== before ? oldest + 1 : oldest
      }
    return [...found.values()].filter(({ startedAt }) => startedAt >= from)
  }

  async story(episodeId: string): Promise<readonly AlarmHistoryEntry[]> {
    return (await this.#get(`/alarms/${episodeId}`, Story)).history
  }

  /** Every sample of a pump, or of one of its channels, one by one. `from` inclusive, `to` exclusive, ms. */
  async samples(
    pumpId: string,
    from: number,
    to: number,
    channelId: string | null = null,
  ): Promise<readonly StoredSample[]> {
    const channel = channelId === null ? '' : `&channel=${encodeURIComponent(channelId)}`
    const query = `from=${Math.floor(from)}&to=${Math.ceil(to)}&maxPoints=${pointsAtOnce}${channel}`
    const { buckets, resolutionMs } = await this.#get(`/pumps/${encodeURIComponent(pumpId)}/history?${query}`, History)
    if (resolutionMs > 0 && to - from > shortestMs) {
      const middle = Math.floor((from + to) / 2)
      return [
        ...(await this.samples(pumpId, from, middle, channelId)),
        ...(await this.samples(pumpId, middle, to, channelId)),
      ]
    }
    return buckets.map(({ from: at, values }) => ({
      channelId,
      at,
      infusedTotalMl: values.infusedTotalMl?.[0] ?? null,
      linePressureMmHg: values.linePressureMmHg?.[0] ?? null,
      rateMlPerHour: values.rateMlPerHour?.[0] ?? null,
    }))
  }

  async #get<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    const url = `${this.#url}/api/v1${path}`
    const reply = await patiently(() => ask(url, { headers: { cookie: this.#cookie, origin: this.#url } }))
    const answer = schema.safeParse(await reply.json().catch(() => null))
    if (answer.success) return answer.data
    throw new SimulatorError('SIM_SERVER_REFUSED', `${url} answers what no Infusion Watch server answers.`)
  }
}

/** Reading does no harm when it is done twice. */
const patiently = async (work: () => Promise<Response>): Promise<Response> => {
  for (const afterMs of againAfterMs) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Unreached)) throw error
      await pause(afterMs)
    }
  }
  return work()
}

/** Nobody answered, or a server that has no time now. */
class Unreached extends SimulatorError {
  constructor(message: string, cause?: unknown) {
    super('SIM_SERVER_REFUSED', message, { cause })
  }
}

const ask = async (url: string, init: RequestInit): Promise<Response> => {
  const reply = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) }).catch((cause: unknown) => {
    throw new Unreached(`${url} cannot be reached.`, cause)
  })
  if (reply.ok) return reply
  const why = z.object({ title: z.string() }).safeParse(await reply.json().catch(() => null))
  const words = `${url} answers ${reply.status}${why.success ? `: ${why.data.title.replace(/\.$/, '')}` : ''}.`
  if (reply.status === 429 || reply.status >= 502) throw new Unreached(words)
  throw new SimulatorError('SIM_SERVER_REFUSED', words)
}
