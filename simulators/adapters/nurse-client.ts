import { z } from 'zod'
import { AlarmDetail, AlarmList, History } from '#domain/live/api.ts'
import { PumpView } from '#domain/live/views.ts'
import { SimulatorError } from '../core/errors.ts'
import type { AlarmHistoryEntry, AlarmView } from '#domain/live/views.ts'
import type { StoredSample } from '../core/oracle/compare-samples.ts'

/** Most points of one answer that each stand for one sample. */
const pointsAtOnce = 2_000
/** Shortest window that is asked for, ms: however fast pumps tell, it ends. */
const shortestMs = 1_000

/** No more of a pump is wanted. */
const PumpNames = z.object({ pumps: z.array(PumpView.pick({ pumpId: true })) })

/** Somebody signed in at a server, who only reads. */
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

  async pumpIds(): Promise<readonly string[]> {
    return (await this.#get('/pumps', PumpNames)).pumps.map(({ pumpId }) => pumpId)
  }

  /** Open and closed ones that started at or after `from`, ms. */
  async alarms(from: number): Promise<readonly AlarmView[]> {
    const open = (await this.#get('/alarms?state=open&limit=500', AlarmList)).alarms
    const closed: AlarmView[] = []
    for (let before: number | null = null; ;) {
      const page: readonly AlarmView[] = (
        await this.#get(`/alarms?state=closed&limit=500${before === null ? '' : `&before=${before}`}`, AlarmList)
      ).alarms
      closed.push(...page)
      const oldest = page.at(-1)?.startedAt
      if (page.length < 500 || oldest === undefined || oldest < from || oldest === before) break
      before = oldest
    }
    const seen = new Set<string>()
    return [...open, ...closed].filter(({ episodeId, startedAt }) => {
      const isNew = !seen.has(episodeId)
      seen.add(episodeId)
      return isNew && startedAt >= from
    })
  }

  async story(episodeId: string): Promise<readonly AlarmHistoryEntry[]> {
    return (await this.#get(`/alarms/${episodeId}`, AlarmDetail)).history
  }

  /** Every sample of a pump, one by one. `from` inclusive, `to` exclusive, ms. */
  async samples(pumpId: string, from: number, to: number): Promise<readonly StoredSample[]> {
    const query = `from=${Math.floor(from)}&to=${Math.ceil(to)}&maxPoints=${pointsAtOnce}`
    const { buckets, resolutionMs } = await this.#get(`/pumps/${pumpId}/history?${query}`, History)
    if (resolutionMs > 0 && to - from > shortestMs) {
      const middle = Math.floor((from + to) / 2)
      return [...(await this.samples(pumpId, from, middle)), ...(await this.samples(pumpId, middle, to))]
    }
    return buckets.map(({ from: at, values }) => ({
      at,
      infusedTotalMl: values.infusedTotalMl?.[0] ?? null,
      linePressureMmHg: values.linePressureMmHg?.[0] ?? null,
      rateMlPerHour: values.rateMlPerHour?.[0] ?? null,
    }))
  }

  async #get<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    const reply = await ask(`${this.#url}/api/v1${path}`, { headers: { cookie: this.#cookie, origin: this.#url } })
    return schema.parse(await reply.json())
  }
}

const ask = async (url: string, init: RequestInit): Promise<Response> => {
  const reply = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) }).catch((cause: unknown) => {
    throw new SimulatorError('SIM_SERVER_REFUSED', `${url} cannot be reached.`, { cause })
  })
  if (reply.ok) return reply
  const why = z.object({ title: z.string() }).safeParse(await reply.json().catch(() => null))
  throw new SimulatorError(
    'SIM_SERVER_REFUSED',
    `${url} answers ${reply.status}${why.success ? `: ${why.data.title}` : ''}.`,
  )
}
