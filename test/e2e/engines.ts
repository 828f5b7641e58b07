import { startInfluxd } from '#test/support/influxd.ts'
import type { Place } from '#test/support/canaries.ts'
import { System, type SystemOptions } from '#test/support/system.ts'

export interface SystemUnderTest extends AsyncDisposable {
  readonly system: System
}

const database = 'infusion_watch'

/** Every tag, field and value of the database. */
const dumpOf = async (url: string | null): Promise<readonly Place[]> => {
  if (url === null) return []
  const statements = ['SHOW SERIES', 'SHOW FIELD KEYS', 'SELECT * FROM /.*/']
  const query = new URLSearchParams({ db: database, q: statements.join(';') })
  const answer = await fetch(`${url}/query?${query.toString()}`)
  return [{ name: 'InfluxDB', content: Buffer.from(await answer.text()) }]
}

/** The whole system over one of the telemetry stores. */
export const openSystem = async (
  engine: 'sqlite' | 'influx',
  options: SystemOptions = {},
): Promise<SystemUnderTest> => {
  await using stack = new AsyncDisposableStack()
  const store: Record<string, string> = {}
  let influxUrl: string | null = null
  if (engine === 'influx') {
    const influxd = stack.use(await startInfluxd())
    store['INFLUX_URL'] = influxd.url
    store['INFLUX_BUCKET'] = database
    influxUrl = influxd.url
  }
  const system = stack.use(
    await System.start({ ...options, places: async () => await dumpOf(influxUrl), env: { ...options.env, ...store } }),
  )
  const kept = stack.move()
  return { system, [Symbol.asyncDispose]: async () => await kept.disposeAsync() }
}
