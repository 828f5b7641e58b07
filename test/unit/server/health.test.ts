import { describe, expect, it } from 'vitest'
import { runHealthChecks } from '#server/core/health.ts'

describe('health', () => {
  it('shows what somebody should look at without calling the server unwell', async () => {
    const failed: string[] = []
    const checks = {
      journal: async () => undefined,
      audit: async () => 'the head is not copied',
    }
    expect(await runHealthChecks(checks, (name) => failed.push(name))).toEqual({
      status: 'ok',
      checks: { journal: 'ok', audit: 'the head is not copied' },
    })
    const broken = { ...checks, telemetry: () => Promise.reject(new Error('away')) }
    expect(await runHealthChecks(broken, (name) => failed.push(name))).toMatchObject({
      status: 'degraded',
      checks: { telemetry: 'fails', audit: 'the head is not copied' },
    })
    expect(failed).toEqual(['telemetry'])
  })
})
