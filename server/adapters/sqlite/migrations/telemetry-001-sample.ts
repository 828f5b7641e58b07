import type { Migration } from '../database.ts'

/**
 * One row per sample. `tail` is the number's last six digits: two samples of one millisecond stay two rows (reliability.md 7).
 * Column names and the numbers of `state`, `mode`, `power` and `flags`: server/core/telemetry-columns.ts.
 */
export const sampleMigration: Migration = {
  name: 'sample',
  sql: `
    CREATE TABLE sample (
      pump_id TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      tail INTEGER NOT NULL,
      hub_id TEXT NOT NULL,
      channel_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      rate_ml_per_hour REAL,
      programmed_rate_ml_per_hour REAL,
      kvo_rate_ml_per_hour REAL,
      vtbi_ml REAL,
      program_remaining_ml REAL,
      infused_total_ml REAL,
      infused_segment_ml REAL,
      container_start_ml REAL,
      time_remaining_seconds REAL,
      programmed_time_seconds REAL,
      dose_interval_minutes REAL,
      concentration_mg_per_ml REAL,
      line_pressure_mm_hg REAL,
      air_accumulated_ml REAL,
      battery_percent REAL,
      battery_minutes_remaining REAL,
      step_index INTEGER,
      step_count INTEGER,
      pca_given INTEGER,
      pca_attempted INTEGER,
      state INTEGER NOT NULL,
      mode INTEGER NOT NULL,
      power INTEGER NOT NULL,
      flags INTEGER NOT NULL,
      late INTEGER NOT NULL,
      PRIMARY KEY (pump_id, at_ms, tail, hub_id, channel_id)
    ) STRICT, WITHOUT ROWID;
  `,
}
