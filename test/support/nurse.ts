import type { z } from 'zod'
import { overhear, plant } from './confinement.ts'
import { AlarmDetail, AlarmList, History, HubList, Me, PumpList } from '#domain/live/api.ts'

/** A signed-in person using the REST interface, as a script or an integration would. */
export class Nurse {
  readonly #url: string
  /** For a live feed of the same session. */
  readonly cookie: string

  private constructor(url: string, cookie: string) {
    this.#url = url
    this.cookie = cookie
  }

  static async signIn(url: string, name: string, password: string): Promise<Nurse> {
    const reply = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ name, password }),
    })
    if (!reply.ok) throw new Error(`sign-in answered ${reply.status}: ${await reply.text()}`)
    const cookie = reply.headers.getSetCookie()[0]?.split(';')[0]
    if (cookie === undefined) throw new Error('sign-in set no cookie')
    plant({ name: `session of ${name}`, value: cookie.slice(cookie.indexOf('=') + 1), home: null })
    return new Nurse(url, cookie)
  }

  async request(method: string, path: string, body?: unknown): Promise<Response> {
    const answer = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        origin: this.#url,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) overhear(`error ${answer.status} of ${method} ${path}`, await answer.clone().text())
    return answer
  }

  async #get<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S>> {
    const reply = await this.request('GET', path)
    if (!reply.ok) throw new Error(`GET ${path} answered ${reply.status}: ${await reply.text()}`)
    return schema.parse(await reply.json())
  }

  me = async () => await this.#get('/me', Me)
  pumps = async () => (await this.#get('/pumps', PumpList)).pumps
  hubs = async () => (await this.#get('/hubs', HubList)).hubs
  openAlarms = async () => (await this.#get('/alarms?state=open&limit=500', AlarmList)).alarms
  closedAlarms = async () => (await this.#get('/alarms?state=closed&limit=500', AlarmList)).alarms
  alarm = async (episodeId: string) => await this.#get(`/alarms/${episodeId}`, AlarmDetail)
  /** `channel`: of a pump with several; without it the first. */
  history = async (pumpId: string, from: number, to: number, maxPoints = 2000, channel: string | null = null) => {
    const one = channel === null ? '' : `&channel=${channel}`
    return await this.#get(`/pumps/${pumpId}/history?from=${from}&to=${to}&maxPoints=${maxPoints}${one}`, History)
  }
}
