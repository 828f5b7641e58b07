import { describe, expect, it } from 'vitest'
import { columns, stateOf } from '#server/core/telemetry-columns.ts'
import { readDeployed } from '#test/support/compose-file.ts'
import { dashboards, influxQueries, influxUid, prometheusQueries, prometheusUid } from '#test/support/dashboards.ts'
import { listedMetrics } from '#test/support/metric-tables.ts'

/** Tags and fields of each measurement; docs/storage.md 2. test/contract/dashboards writes them for real. */
const known: Readonly<Record<string, readonly string[]>> = {
  infusion: ['pump', 'hub', 'channel', 'seq', 'at_ms', ...columns.map(({ name }) => name)],
  alarm_event: ['pump', 'hub', 'code', 'priority', 'phase', 'episode', 'actor', 'position'],
}

describe('the dashboards of Grafana', () => {
  it('are three, each under a name and in a place of its own', () => {
    expect(dashboards.map(({ file, uid, title }) => [file, uid, title])).toEqual([
      ['alarm-burden.json', 'alarm-burden', 'Alarm burden'],
      ['fleet-health.json', 'fleet-health', 'Fleet health'],
      ['infusion-overview.json', 'infusion-overview', 'Infusion overview'],
    ])
    for (const { panels, file } of dashboards) {
      expect(new Set(panels.map(({ id }) => id)).size, file).toBe(panels.length)
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
      )
      expect(new Set(cells).size, `${file}: panels lie on each other`).toBe(cells.length)
      expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24)
    }
  })

  it('ask the data sources that are provisioned', () => {
    const provisioned = readDeployed('deploy/grafana/provisioning/datasources/infusion-watch.yaml')
    for (const uid of [influxUid, prometheusUid]) expect(provisioned).toContain(`uid: ${uid}\n`)
    const used = new Set(
      dashboards.flatMap(({ panels }) =>
        panels.flatMap(({ targets }) => targets.map(({ datasource }) => datasource.uid)),
      ),
    )
    expect([...used].toSorted()).toEqual([influxUid, prometheusUid])
    expect(influxQueries.length + prometheusQueries.length).toBeGreaterThan(50)
  })

  it.each(influxQueries.map(({ title, text }) => [title, text]))(
    '%s: names what the telemetry store has',
    (_title, text) => {
      const measurements = [...text.matchAll(/FROM "(\w+)"/g)].map(([, name = '']) => name)
      const [measurement = ''] = measurements
      expect(new Set(measurements).size).toBe(1)
      expect(Object.keys(known)).toContain(measurement)
      const madeHere = new Set([measurement, ...[...text.matchAll(/ AS "([^"]+)"/g)].map(([, alias = '']) => alias)])
      const names = [...text.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name).filter((name) => !madeHere.has(name))
      expect(names.length).toBeGreaterThan(0)
      for (const name of names) expect(known[measurement]).toContain(name)
      if (!text.startsWith('SHOW')) expect(text).toContain('$timeFilter')
    },
  )

  it.each(prometheusQueries.map(({ title, text }) => [title, text]))(
    '%s: asks for a metric that is listed',
    (_title, text) => {
      const listed = listedMetrics()
      const names = [...text.matchAll(/\b(infusion_watch_\w+|up|ALERTS)\b/g)].map(([, name = '']) => name)
      expect(names.length).toBeGreaterThan(0)
      for (const name of names) if (name.startsWith('infusion_watch')) expect([...listed.keys()]).toContain(name)
    },
  )

  it('name every state of a pump as the store numbers it', () => {
    const mappings = dashboards.flatMap(({ panels }) =>
      panels
        .filter(({ title }) => title === 'States')
        .flatMap(({ fieldConfig }) => fieldConfig.defaults.mappings ?? []),
    )
    const options = mappings[0]?.options ?? {}
    expect(Object.keys(options)).toHaveLength(16)
    for (const [number, { text }] of Object.entries(options)) expect(text).toBe(stateOf(Number(number)))
  })
})
