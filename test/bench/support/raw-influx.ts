import { Agent, request } from 'node:http'
import { lineOf } from '#server/adapters/influx/write-points.ts'
import type { TelemetryPoint } from '#server/core/ports.ts'

const linesPerWrite = 5_000
const writesPerRound = 20
const inFlight = 2

/** InfluxDB 1 spoken to directly, without anything of the server. */
export class RawInflux implements Disposable {
  readonly #url: URL
  readonly #database: string
  readonly #agent = new Agent({ keepAlive: true })

  constructor(url: string, database: string) {
    this.#url = new URL(url)
    this.#database = database
  }

  /** Rows of each statement's only series. */
  async query(...statements: readonly string[]): Promise<readonly (readonly (number | string | null)[])[]> {
    const path = `/query?db=${this.#database}&epoch=ms&q=${encodeURIComponent(statements.join(';'))}`
    const { results } = JSON.parse(await this.#ask('GET', path)) as {
      results: { series?: { values: (number | string | null)[][] }[] }[]
    }
    return results.flatMap(({ series }) => series?.[0]?.values ?? [])
  }

  async create(): Promise<void> {
    await this.#ask('POST', `/query?q=${encodeURIComponent(`CREATE DATABASE "${this.#database}"`)}`)
  }

  /** Points of the measurement of samples that the database holds. */
  async count(): Promise<number> {
    const [row] = await this.query('SELECT count("seq") FROM "infusion"')
    return Number(row?.[1] ?? 0)
  }

  /** Points a second: lines made beforehand, two writes of 5,000 on their way at a time. `point` makes the nth. */
  async write(points: number, point: (nth: number) => TelemetryPoint): Promise<number> {
    let writtenMs = 0
    for (let from = 0; from < points; from += linesPerWrite * writesPerRound) {
      const bodies: string[] = []
      const to = Math.min(points, from + linesPerWrite * writesPerRound)
      for (let first = from; first < to; first += linesPerWrite) {
        const count = Math.min(linesPerWrite, to - first)
        bodies.push(Array.from({ length: count }, (_, nth) => lineOf(point(first + nth))).join('\n'))
      }
      const begun = performance.now()
      const writeNext = async (): Promise<void> => {
        for (let body = bodies.shift(); body !== undefined; body = bodies.shift())
          await this.#ask('POST', `/write?db=${this.#database}&precision=ns`, body)
      }
      await Promise.all(Array.from({ length: inFlight }, writeNext))
      writtenMs += performance.now() - begun
    }
    return (points * 1_000) / writtenMs
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }

  #ask(method: string, path: string, body?: string): Promise<string> {
    const { hostname: host, port } = this.#url
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const asked = request({ host, port, path, method, agent: this.#agent }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.once('end', () => {
        const text = Buffer.concat(parts).toString()
        if ((answer.statusCode ?? 0) < 300) resolve(text)
        else reject(new Error(`InfluxDB answered ${answer.statusCode}: ${text.slice(0, 300)}`))
      })
    })
    asked.once('error', reject)
    asked.end(body)
    return promise
  }
}
