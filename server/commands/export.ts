import { once } from 'node:events'
import pino from 'pino'
import { PumpId } from '#domain/ids.ts'
import { ExportFormat, ExportResolution } from '#domain/live/export.ts'
import { nodeClock } from '../adapters/node-clock.ts'
import { openOffice } from '../compose/office.ts'
import { telemetryStore } from '../compose/telemetry-store.ts'
import { gapOf, historyExport } from '../core/export/history-export.ts'
import { LongHistory } from '../core/roll-ups/long-history.ts'
import { commandLine } from './assignments.ts'
import { complain, optionsOf } from './program.ts'
import type { Command } from './program.ts'

const dayMs = 86_400_000
const isoTime = (ms: number): string => new Date(ms).toISOString()
const timeOf = (value: string | undefined, otherwise: number): number =>
  value === undefined ? otherwise : Date.parse(value)

export const exportCommand: Command = {
  words: 'export',
  usage: `  export --pump ID                       a pump's history on standard output, beside a running server: the last day, or
                                         --from TIME --to TIME; --format csv or jsonl; --resolution samples or minutes`,
  async run(config, args) {
    const options = optionsOf(args, 'pump', 'from', 'to', 'format', 'resolution')
    const pumpId = PumpId.safeParse(options.pump)
    const format = ExportFormat.safeParse(options.format ?? 'csv')
    const resolution = ExportResolution.safeParse(options.resolution ?? 'samples')
    if (!pumpId.success) return complain('export needs --pump ID')
    if (!format.success) return complain('--format: csv or jsonl')
    if (!resolution.success) return complain('--resolution: samples or minutes')
    const now = nodeClock.now()
    const to = timeOf(options.to, now)
    const from = timeOf(options.from, to - dayMs)
    if (!(from < to))
      return complain('--from and --to: times such as 2026-11-26T08:00:00Z, the first before the second')
    await using office = await openOffice(config)
    const known = (await office.hubs.pumps()).find(({ report }) => report.pumpId === pumpId.data)
    if (known === undefined) return complain(`There is no pump "${pumpId.data}".`)
    const log = pino({ level: config.logLevel }, pino.destination(2))
    await using store = telemetryStore(config, log)
    const act = { actor: commandLine.userId, action: 'patient.view', object: `pump:${pumpId.data}` } as const
    await office.journal.audit.note([{ ...act, at: now }])
    const { dueMinutes: due } = office.journal
    const minutes = new LongHistory({ store, due, sampleDays: config.telemetryDays, clock: nodeClock, log })
    const { statusIntervalMs, simulated } = known.report
    const question = {
      pumpId: pumpId.data,
      from,
      to,
      resolution: resolution.data,
      gapMs: gapOf(resolution.data, statusIntervalMs),
    }
    const head = {
      simulated,
      site: config.siteName,
      timeZone: config.facilityTimeZone,
      samplesSince: now - config.telemetryDays * dayMs,
      madeAt: now,
    }
    for await (const piece of historyExport({ samples: store, minutes }, question, format.data, head, isoTime))
      if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
    return 0
  },
}
