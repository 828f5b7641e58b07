import { readDeployed } from './compose-file.ts'

export interface ListedMetric {
  readonly type: string
  readonly labels: readonly string[]
  readonly meaning: string
}

/** The tables of docs/operations.md by full name; they are held against real scrapes in contract/server-metrics and faults/hub-metrics. */
export const listedMetrics = (): ReadonlyMap<string, ListedMetric> => {
  const page = readDeployed('docs/operations.md')
  const tables = [
    ['Metrics of the server', 'infusion_watch_server_'],
    ['Metrics of a hub', 'infusion_watch_hub_'],
  ] as const
  return new Map(
    tables.flatMap(([heading, prefix]) => {
      const section = new RegExp(`\\n## ${heading}\\n(.*?)(?=\\n## |$)`, 's').exec(page)?.[1] ?? ''
      const rows = section.matchAll(/^\| `([a-z_]+)` \| (counter|gauge)((?:, `\w+`(?: `\w+`)*)?) \| (.*) \|$/gm)
      return [...rows].map(([, name, type = '', labels = '', meaning = '']) => [
        `${prefix}${name}`,
        { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label), meaning },
      ])
    }),
  )
}
