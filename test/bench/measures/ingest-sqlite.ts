import type { Measure } from '../measure.ts'
import { ingestFigures } from '../support/ingest-run.ts'
import { sqliteIngest } from '../support/sqlite-ingest.ts'

const ratio = 0.35

export const measure: Measure = {
  what: 'samples a second from hubs’ batches to the embedded database through a real server, each counted in it afterwards; limit: bare node:sqlite, 500 rows a commit, FULL',
  run: async (bench) => ingestFigures('SQLite', await sqliteIngest(bench), { ratio }),
}
