import { join } from 'node:path'
import { Program } from '#test/support/program.ts'
import { enrolHub } from '#test/support/enrolled-hub.ts'
import type { Stolen } from '#test/support/hostile-mqtt.ts'
import type { SigningHub } from '#test/support/signing-hub.ts'
import { System } from '#test/support/system.ts'
import type { Target } from '../attacks/attack.ts'
import { gatewayUnit } from './gateway-unit.ts'

const passwordOf = (id: string): string => `secret-of-${id}-0123456789`
const pump = (id: string): Stolen => ({ id, password: passwordOf(id) })

export const goodPumps = ['VICTIM', ...Array.from({ length: 23 }, (_, n) => `PUMP-${n}`)].map(pump)
const stolen = Array.from({ length: 8 }, (_, n) => pump(`MALLORY-${n}`))

/** Real server and hub with the heap that their units give them, one simulated pump, and places at the hub's broker for good and stolen pumps. `serialPaths`: more ports of the hub. */
export const startHostileSystem = async (serialPaths: readonly string[]): Promise<System> => {
  const unit = gatewayUnit()
  return await System.start({
    pumps: [{ id: 'SIM-0001', protocol: 'ip1', wire: 'serial' }],
    guests: [...goodPumps, ...stolen].map(({ id, password: secret }) => ({ id, secret })),
    ports: serialPaths.map((path, nth) => ({
      name: `noisy-${nth}`,
      protocol: 'ip1',
      simulated: 'demo',
      url: `serial:${path}`,
    })),
    searched: false,
    env: { NODE_OPTIONS: '--max-old-space-size=256' },
    gateway: { nodeFlags: unit.nodeFlags, env: unit.env },
  })
}

/** More hubs of the same server, let in as an operator does it. */
export const moreHubs = async (system: System, count: number): Promise<readonly SigningHub[]> => {
  const hubs: SigningHub[] = []
  for (let nth = 0; nth < count; nth += 1) {
    await using command = new Program({
      name: 'server claim create',
      args: ['server/main.ts', 'claim', 'create', '--name', `Home ${nth}`],
      env: { DATA_DIR: join(system.dir, 'server') },
    })
    const [, claimId = '', code = ''] = await command.says(/Claim: (\S+)\nCode: {2}(\S+)/)
    hubs.push(await enrolHub(system.url, claimId, code))
  }
  return hubs
}

const tenSessions = async (system: System): Promise<readonly string[]> => {
  const cookies: string[] = []
  while (cookies.length < 10) cookies.push((await system.signIn('nurse')).cookie)
  return cookies
}

/** `keyId`: of a hub that is let in; the attacker has not its key. */
export const targetOf = async (system: System, keyId: string, serialPaths: readonly string[]): Promise<Target> => ({
  url: system.url,
  cookie: (await system.signIn('nurse')).cookie,
  cookies: await tenSessions(system),
  keyId,
  mqttPort: system.mqttPort,
  stolen,
  serialPaths,
})
