/**
 * What has to work for the server to do its job, by name. Each rejects with the reason why it does not, or resolves: with a note if
 * somebody should look at it although alarms go on.
 */
export type HealthChecks = Readonly<Record<string, () => Promise<string | void>>>

export interface HealthReport {
  readonly status: 'ok' | 'degraded'
  /** `ok`, a note, or `fails`; why is in the log. */
  readonly checks: Readonly<Record<string, string>>
}

export const runHealthChecks = async (
  checks: HealthChecks,
  failed: (name: string, error: unknown) => void,
): Promise<HealthReport> => {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        return [name, (await check()) ?? 'ok'] as const
      } catch (error) {
        failed(name, error)
        return [name, 'fails'] as const
      }
    }),
  )
  const status = results.every(([, result]) => result !== 'fails') ? 'ok' : 'degraded'
  return { status, checks: Object.fromEntries(results) }
}
