/** What has to work for the server to do its job, by name. Each resolves or rejects with the reason. */
export type HealthChecks = Readonly<Record<string, () => Promise<void>>>

export interface HealthReport {
  readonly status: 'ok' | 'degraded'
  /** `ok`, or that it fails; why is in the log. */
  readonly checks: Readonly<Record<string, string>>
}

export const runHealthChecks = async (
  checks: HealthChecks,
  failed: (name: string, error: unknown) => void,
): Promise<HealthReport> => {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await check()
        return [name, 'ok'] as const
      } catch (error) {
        failed(name, error)
        return [name, 'fails'] as const
      }
    }),
  )
  const status = results.every(([, result]) => result === 'ok') ? 'ok' : 'degraded'
  return { status, checks: Object.fromEntries(results) }
}
