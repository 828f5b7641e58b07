// What somebody needs who came to repair the box: everything /status has, as tables.
import { duration } from './words.js'

/** @typedef {import('../core/health.ts').HubStatus} HubStatus */

/**
 * @param {string} caption
 * @param {readonly (readonly [string, string | number | null])[]} rows
 */
const table = (caption, rows) => {
  const box = document.createElement('div')
  box.className = 'scroll'
  const element = box.appendChild(document.createElement('table'))
  element.createCaption().textContent = caption
  const body = element.createTBody()
  for (const [name, value] of rows) {
    const row = body.insertRow()
    const head = row.appendChild(document.createElement('th'))
    head.scope = 'row'
    head.textContent = name
    row.insertCell().textContent = value === null ? '–' : String(value)
  }
  return box
}

/** @param {Readonly<Record<string, number>>} counters */
const counted = (counters) =>
  Object.entries(counters)
    .map(([name, count]) => `${name} ${count}`)
    .join(' · ')

/** @param {number | null} bytes */
const size = (bytes) => (bytes === null ? null : `${(bytes / 1e9).toFixed(1)} GB`)

/** @param {{ rows: number, oldestAgeMs: number | null }} lane */
const depth = ({ rows, oldestAgeMs }) =>
  rows === 0 ? 'empty' : `${rows} waiting, the oldest for ${duration(oldestAgeMs ?? 0)}`

/** @param {HubStatus} status */
export const technicianTables = (status) => {
  const { uplink, outbox, ports, pumps, versions, conditions } = status
  /** @param {HubStatus['uplink']['alarm']} lane */
  const lane = ({ delivered, refused, retried, batches, lastSettledMs, trouble }) =>
    `${delivered} delivered · ${refused} refused · ${retried} retried · ${batches} batches · last ${
      lastSettledMs === null ? 'never' : `${duration(status.monotonicMs - lastSettledMs)} ago`
    }${trouble === null ? '' : ` · ${trouble.code}: ${trouble.message}`}`
  return [
    table('Server', [
      ['address', uplink.server],
      ['hub id', status.hubId],
      ['state', uplink.state],
      ['trouble', uplink.trouble === null ? null : `${uplink.trouble.code}: ${uplink.trouble.message}`],
      ['heartbeats', uplink.heartbeats],
      ['alarm lane', lane(uplink.alarm)],
      ['telemetry lane', lane(uplink.telemetry)],
    ]),
    table('Outbox', [
      ['alarms', depth(outbox.alarm)],
      ['telemetry', depth(outbox.telemetry)],
      ['set aside (quarantined)', outbox.quarantined],
      ['thinned (tombstoned)', outbox.tombstoned],
      ['disk free', size(outbox.diskFreeBytes)],
    ]),
    ...ports.map(({ name, protocol, link, reason, counters }) =>
      table(`Port “${name}”`, [
        ['protocol', protocol],
        ['link', link],
        ['reason', reason],
        ['counters', counted(counters)],
      ]),
    ),
    ...pumps.map(({ pumpId, port, link, silentMs, maker, model, firmware, experimental, simulated }) =>
      table(`Pump ${pumpId}`, [
        ['port', port],
        ['link', link],
        ['last heard', silentMs === null ? null : `${duration(silentMs)} ago`],
        ['device', [maker, model, firmware].filter((word) => word !== null).join(' ') || null],
        [
          'marks',
          [experimental ? 'experimental' : '', simulated ? 'simulated' : ''].filter(Boolean).join(', ') || null,
        ],
      ]),
    ),
    table('This box', [
      ['conditions', conditions.map(({ code, text }) => `${code}: ${text}`).join(' · ') || 'none'],
      [
        'stands still',
        status.stuck.map(({ name, stillMs }) => `${name} for ${duration(stillMs)}`).join(' · ') || 'nothing',
      ],
      ['clock', `${new Date(status.wallAt).toISOString()} (${status.clockQuality})`],
      ['server clock known to', uplink.anchor === null ? null : `± ${uplink.anchor.errorMs.toFixed(1)} ms`],
      ['running for', duration(status.monotonicMs)],
      ['boot', status.bootId],
      ['versions', `gateway ${versions.gateway}, Node ${versions.node}`],
    ]),
  ]
}
