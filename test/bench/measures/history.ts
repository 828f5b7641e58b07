import { startInfluxd } from '#test/support/influxd.ts'
import { Nurse } from '#test/support/nurse.ts'
import { historyColumns } from '#server/core/history-buckets.ts'
import type { Measured } from '../figure.ts'
import type { Bench, Measure } from '../measure.ts'
import { startBenchServer } from '../support/bench-server.ts'
import type { BenchServer } from '../support/bench-server.ts'
import { Load } from '../support/load.ts'
import { loadPumpId } from '../support/load-points.ts'
import { RawInflux } from '../support/raw-influx.ts'

const days = 30
const dayMs = 86_400_000
const maxPoints = 2_000
/** The pump that is asked for tells something every 10 s, the other 999 every two hours. */
const own = { hubs: 1, pumpsPerHub: 1, everyMs: 10_000, prefix: 'H' } as const
const others = { hubs: 27, pumpsPerHub: 37, everyMs: 7_200_000 } as const
const questions = 15
const ratioAtMost = 1.3

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const perPump = ({ everyMs }: { readonly everyMs: number }): number => Math.floor((days * dayMs) / everyMs)

const stored = async (bench: Bench, server: BenchServer, from: number): Promise<number> => {
  using those = await Load.open(server, { ...others, from })
  using one = await Load.open(server, { ...own, from })
  bench.say(`  ${perPump(own).toLocaleString('en')} samples of one pump, ${perPump(others)} of each of 999`)
  await those.pourUpTo(perPump(others) * others.pumpsPerHub, 8)
  await one.pourUpTo(perPump(own), 1)
  return one.samples
}

const measured = async (bench: Bench): Promise<readonly Measured[]> => {
  await using influxd = await startInfluxd()
  using influx = new RawInflux(influxd.url, 'infusion')
  await using server = await startBenchServer({ INFLUX_URL: influxd.url })
  const to = Date.now() - 60_000
  const from = to - days * dayMs
  const samples = await stored(bench, server, from)
  const { name, password } = server.person('lead')
  const nurse = await Nurse.signIn(server.url, name, password)
  const pumpId = loadPumpId(0, 0, own.prefix)
  const width = Math.ceil((to - from) / maxPoints)
  const fields = historyColumns.flatMap((column) =>
    ['first', 'min', 'max', 'last'].map((what) => `${what}("${column}")`),
  )
  const raw = `SELECT count("seq"), ${fields.join(', ')} FROM "infusion" WHERE "pump" = '${pumpId}' AND time >= ${from}ms AND time < ${to}ms GROUP BY time(${width}ms, ${from % width}ms) fill(none)`
  const times = { server: [] as number[], raw: [] as number[] }
  let found = 0
  bench.say(`  ${questions} questions of either kind by turns`)
  for (let nth = 0; nth < questions; nth += 1) {
    const rawFrom = performance.now()
    const rows = await influx.query(raw)
    times.raw.push(performance.now() - rawFrom)
    const askedFrom = performance.now()
    const answer = await nurse.request('GET', `/pumps/${pumpId}/history?from=${from}&to=${to}&maxPoints=${maxPoints}`)
    const { buckets } = (await answer.json()) as { buckets: { samples: number }[] }
    times.server.push(performance.now() - askedFrom)
    found = buckets.reduce((sum, bucket) => sum + bucket.samples, 0)
    const direct = rows.reduce((sum, row) => sum + Number(row[1]), 0)
    if (direct !== samples) throw new Error(`InfluxDB holds ${direct} of ${samples} samples`)
  }
  return [
    {
      name: 'history of 30 days in 2,000 points',
      value: median(times.server),
      unit: 'ms',
      limit: median(times.raw),
      target: { on: 'ratio', atMost: ratioAtMost },
    },
    {
      name: 'history, samples behind its points',
      value: found,
      unit: 'samples',
      limit: samples,
      target: { on: 'ratio', atLeast: 1, atMost: 1 },
    },
  ]
}

export const measure: Measure = {
  what: '30 days of one pump among 1,000, asked of the server in 2,000 points while it still makes their roll-ups, median; limit: the same by InfluxQL from the database itself',
  run: (bench) => bench.once('history', () => measured(bench)),
}
