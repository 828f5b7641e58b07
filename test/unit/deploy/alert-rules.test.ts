import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readDeployed as read } from '#test/support/compose-file.ts'
import { listedMetrics } from '#test/support/metric-tables.ts'

const Rule = z.strictObject({
  alert: z.string().regex(/^[A-Z][A-Za-z]+$/),
  expr: z.string(),
  for: z
    .string()
    .regex(/^\d+[smh]$/)
    .optional(),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
  annotations: z.strictObject({ summary: z.string().endsWith('.'), description: z.string().endsWith('.') }),
})
const Rules = z.strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(Rule).min(1) })) })

const { groups } = Rules.parse(parse(read('deploy/prometheus/alerts.yml')))
const rules = groups.flatMap((group) => group.rules)

const listed = listedMetrics()

/** `name{matchers}[range]` of an expression. */
const selectors = (expr: string) =>
  [...expr.matchAll(/\b(infusion_watch_\w+|up)\b(?:\{([^}]*)\})?(\[\w+\])?/g)].map(
    ([, name = '', inside = '', range]) => ({
      name,
      range: range !== undefined,
      matchers: [...inside.matchAll(/(\w+)=~?"([^"]*)"/g)].map(([, label = '', values = '']) => ({
        label,
        values: values.split('|'),
      })),
    }),
  )

/** Labels that Prometheus adds to every metric it scrapes. */
const ofTheScrape = ['instance', 'job']

describe('deploy/prometheus/alerts.yml', () => {
  it('finds the tables of metrics', () => {
    expect(listed.size).toBeGreaterThan(40)
    expect(listed.get('infusion_watch_hub_port_link')?.labels).toEqual(['port', 'state'])
  })

  it('has rules of both programs, each with a name of its own', () => {
    expect(groups.map(({ name }) => name)).toEqual(['infusion-watch-hub', 'infusion-watch-server'])
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    expect(rules.length).toBeGreaterThan(20)
  })

  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s asks for metrics, labels and values that exist',
    (_name, rule) => {
      const asked = selectors(rule.expr)
      expect(asked.length).toBeGreaterThan(0)
      for (const { name, range, matchers } of asked) {
        const jobs = [...read('deploy/prometheus/prometheus.yml').matchAll(/job_name: (\S+)/g)].map(([, job]) => job)
        if (name === 'up') {
          expect(jobs).toContain(matchers.find(({ label }) => label === 'job')?.values[0])
          continue
        }
        const metric = listed.get(name) ?? expect.fail(`${name} is not in docs/operations.md`)
        for (const { label, values } of matchers) {
          expect(metric.labels, name).toContain(label)
          // Where the table lists the values, others are mistakes; `lane` and the like are told elsewhere, and `…` is no end.
          const known = [...metric.meaning.matchAll(/`([\w-]+)`/g)].map(([, value]) => value)
          if (known.length > 2 && !metric.meaning.includes('…'))
            for (const value of values) expect(known, name).toContain(value)
        }
        if (metric.type === 'counter') expect(range, `${name} is a counter: ask for its increase`).toBe(true)
      }
      const told = [...`${rule.annotations.summary} ${rule.annotations.description}`.matchAll(/\$labels\.(\w+)/g)]
      const kept = /\bby \(([^)]*)\)/.exec(rule.expr)?.[1]?.split(', ') ?? [
        ...asked.flatMap(({ name }) => listed.get(name)?.labels ?? []),
        ...ofTheScrape,
      ]
      for (const [, label] of told) expect(kept, rule.alert).toContain(label)
      expect(rule.expr.split('(').length).toBe(rule.expr.split(')').length)
    },
  )
})
