import { startInfluxd } from '#test/support/influxd.ts'
import type { Bench, Measure } from '../measure.ts'
import { startBenchServer } from '../support/bench-server.ts'
import { ingested, ingestFigures, lateAfter, planNow } from '../support/ingest-run.ts'
import type { Ingested } from '../support/ingest-run.ts'
import { pointsOf } from '../support/load-points.ts'
import { RawInflux } from '../support/raw-influx.ts'

const rawPoints = 600_000
const targets = { ratio: 0.25, perSecond: 50_000 }

/** On a database of its own, so that neither finds the other's work left to do. */
const rawRate = async (bench: Bench): Promise<number> => {
  await using influxd = await startInfluxd()
  using influx = new RawInflux(influxd.url, 'raw')
  await influx.create()
  bench.say(`  ${rawPoints.toLocaleString('en')} points into a bare InfluxDB`)
  const rate = await influx.write(rawPoints, pointsOf(planNow()))
  const found = await influx.count()
  if (found !== rawPoints) throw new Error(`InfluxDB holds ${found} of ${rawPoints} points`)
  return rate
}

const measured = async (bench: Bench): Promise<Ingested> => {
  const limit = await rawRate(bench)
  await using influxd = await startInfluxd()
  using influx = new RawInflux(influxd.url, 'infusion')
  await using server = await startBenchServer({ ...lateAfter, INFLUX_URL: influxd.url })
  return await ingested(bench, server, { limit, count: () => influx.count() })
}

export const measure: Measure = {
  what: 'samples a second from hubs’ batches to InfluxDB through a real server, each counted in the database afterwards; limit: the same points as line protocol from one process',
  run: async (bench) =>
    ingestFigures('InfluxDB', await bench.once('ingest into InfluxDB', () => measured(bench)), targets),
}
