import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import type { HubStatus } from '#gateway/core/health.ts'

const root = join(import.meta.dirname, '../..')

export interface GatewayProcess {
  readonly pid: number
  readonly log: readonly Record<string, unknown>[]
  readonly stderr: () => string
  status(): Promise<HubStatus>
  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>
  readonly exited: Promise<number | NodeJS.Signals | null>
}

/** `gateway run` as a process of its own, as it is started in a home. `config` is completed by folder and status port. */
export const startGatewayProcess = async (
  folder: string,
  config: Record<string, unknown>,
  environment: Record<string, string> = {},
): Promise<GatewayProcess> => {
  const path = join(folder, 'gateway.json')
  await writeFile(path, JSON.stringify({ name: 'hub-1', dataDir: join(folder, 'data'), statusPort: 0, ...config }))
  const child = spawn(process.execPath, ['gateway/main.ts', 'run', '--config', path], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: Record<string, unknown>[] = []
  let stderr = ''
  createInterface({ input: child.stdout }).on('line', (line) => log.push(JSON.parse(line)))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const exited = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  )
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const statusPort = (): number | null => {
    const line = log.find(({ msg }) => msg === 'status page listens')
    return typeof line?.['port'] === 'number' ? line['port'] : null
  }
  return {
    pid: child.pid ?? 0,
    log,
    stderr: () => stderr,
    exited,
    status: async () => {
      const port = await eventually(statusPort, { within: 10_000, what: `the status page: ${stderr}` })
      const response = await fetch(`http://127.0.0.1:${port}/status`)
      return (await response.json()) as HubStatus
    },
    kill: (signal) => {
      child.kill(signal)
      return exited
    },
  }
}
