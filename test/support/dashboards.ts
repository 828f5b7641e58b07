import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readDeployed } from './compose-file.ts'

const Mapping = z.object({ type: z.string(), options: z.record(z.string(), z.looseObject({ text: z.string() })) })
const Target = z.looseObject({
  refId: z.string(),
  datasource: z.object({ uid: z.string() }),
  query: z.string().optional(),
  expr: z.string().optional(),
  alias: z.string().optional(),
  legendFormat: z.string().optional(),
})
const Panel = z.looseObject({
  id: z.int(),
  type: z.string(),
  title: z.string().min(1),
  description: z.string().min(1),
  gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  targets: z.array(Target).min(1),
  fieldConfig: z.looseObject({ defaults: z.looseObject({ mappings: z.array(Mapping).optional() }) }),
})
const Dashboard = z.looseObject({
  uid: z.string(),
  title: z.string(),
  panels: z.array(Panel).min(1),
  templating: z.object({ list: z.array(z.looseObject({ name: z.string(), query: z.string() })) }),
})

export const influxUid = 'infusion-influxdb'
export const prometheusUid = 'infusion-prometheus'

/** Grafana's dashboards of deploy/, by file name. */
export const dashboards = readdirSync(join(import.meta.dirname, '../../deploy/grafana/dashboards'))
  .toSorted()
  .map((file) => ({ file, ...Dashboard.parse(JSON.parse(readDeployed(`deploy/grafana/dashboards/${file}`))) }))

export interface Asked {
  readonly title: string
  readonly text: string
}

const asked = (uid: string, textOf: (target: z.infer<typeof Target>) => string | undefined): readonly Asked[] =>
  dashboards.flatMap(({ file, panels }) =>
    panels.flatMap(({ title, targets }) =>
      targets.flatMap((target) => {
        const text = textOf(target)
        return target.datasource.uid === uid ? [{ title: `${file}: ${title} ${target.refId}`, text: text ?? '' }] : []
      }),
    ),
  )

export const influxQueries = [
  ...asked(influxUid, ({ query }) => query),
  ...dashboards.flatMap(({ file, templating }) =>
    templating.list.map(({ name, query }) => ({ title: `${file}: choice of ${name}`, text: query })),
  ),
]
export const prometheusQueries = asked(prometheusUid, ({ expr }) => expr)

/** What Grafana puts in, for a window of time and everything chosen. */
export const asGrafanaAsks = (query: string, from: number, to: number): string =>
  query
    .replaceAll('$timeFilter', `time >= ${from}ms AND time <= ${to}ms`)
    .replaceAll('$__interval', '30s')
    .replaceAll(/\$(pump|hub)\b/g, '.*')
