import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { Page } from '#domain/paging/page.ts'
import { System, type FleetMember } from '#test/support/system.ts'
import { gatewayUnit } from './gateway-unit.ts'
import type { PageStub } from './page-stub.ts'

const HookBody = z.object({ type: z.string(), data: Page.partial() })
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

export interface PagedSystem {
  readonly system: System
  /** When the first page about an alarm arrived, by its episode; server time, ms. */
  readonly pagedAt: ReadonlyMap<string, number>
}

/** Real server, hub and pumps whose pages go to a stub; the hub with the flags of its systemd unit. `standard`: their therapy is not critical. */
export const startPagedSystem = async (
  folder: string,
  stub: PageStub,
  pumps: readonly FleetMember[],
  standard: readonly FleetMember[],
): Promise<PagedSystem> => {
  const pagedAt = new Map<string, number>()
  stub.on('/hook', (body, at) => {
    const { type, data } = HookBody.parse(JSON.parse(body))
    if (type !== 'page' || data.kind !== 'alarm') return
    for (const episodeId of data.episodeIds ?? []) if (!pagedAt.has(episodeId)) pagedAt.set(episodeId, at)
  })
  const [hooks, assignments] = [join(folder, 'hooks.yaml'), join(folder, 'assignments.yaml')]
  const send = { template: 'json', url: `${stub.url}/hook`, secret }
  await writeFile(hooks, stringify([{ name: 'bench', for: 'everybody', send }]))
  await writeFile(
    assignments,
    stringify(Object.fromEntries(standard.map(({ id }) => [id, { criticality: 'standard' }]))),
  )
  const unit = gatewayUnit()
  const system = await System.start({
    pumps: [...pumps, ...standard],
    searched: false,
    env: { PAGING_HOOKS_FILE: hooks, OUTGOING_HOSTS: new URL(stub.url).host, ASSIGNMENTS_FILE: assignments },
    gateway: { nodeFlags: unit.nodeFlags, env: { ...unit.env, NODE_COMPILE_CACHE: join(folder, 'cache') } },
  })
  return { system, pagedAt }
}
