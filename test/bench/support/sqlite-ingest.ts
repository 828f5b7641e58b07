import { join } from 'node:path'
import type { Bench } from '../measure.ts'
import { startBenchServer } from './bench-server.ts'
import { ingested, lateAfter, planNow } from './ingest-run.ts'
import type { Ingested } from './ingest-run.ts'
import { pointsOf } from './load-points.ts'
import { rawSqliteRate } from './raw-sqlite.ts'
import { samplesIn } from './samples-in.ts'

const rawRows = 300_000

/** Samples a second into the embedded database, once a run: the limit of other measures too. */
export const sqliteIngest = (bench: Bench): Promise<Ingested> =>
  bench.once('ingest into SQLite', async () => {
    bench.say(`  ${rawRows.toLocaleString('en')} rows into a bare SQLite`)
    const limit = rawSqliteRate(rawRows, pointsOf(planNow()))
    await using server = await startBenchServer(lateAfter)
    const count = async (): Promise<number> => samplesIn(join(server.dataDir, 'telemetry.db'))
    return await ingested(bench, server, { limit, count })
  })
