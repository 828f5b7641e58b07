import type { Migration } from '../database.ts'

const statistics = (column: string): string =>
  ['first', 'min', 'max', 'last'].map((statistic) => `${statistic}_${column} REAL`).join(', ')

/** One row per pump, minute, hub and channel, made from the samples (server/core/roll-ups/minute.ts). */
export const minuteMigration: Migration = {
  name: 'minute',
  sql: `
    CREATE TABLE infusion_1m (
      pump_id TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      hub_id TEXT NOT NULL,
      channel_id TEXT NOT NULL,
      first_at INTEGER NOT NULL,
      last_at INTEGER NOT NULL,
      samples INTEGER NOT NULL,
      late INTEGER NOT NULL,
      state INTEGER NOT NULL,
      completeness INTEGER NOT NULL,
      ${['rate_ml_per_hour', 'line_pressure_mm_hg', 'infused_total_ml', 'program_remaining_ml', 'battery_percent'].map(statistics).join(',\n      ')},
      mean_rate_ml_per_hour REAL,
      count_rate_ml_per_hour INTEGER,
      mean_line_pressure_mm_hg REAL,
      count_line_pressure_mm_hg INTEGER,
      PRIMARY KEY (pump_id, at_ms, hub_id, channel_id)
    ) STRICT, WITHOUT ROWID;
  `,
}
