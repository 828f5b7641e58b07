import { expect, it } from 'vitest'
import { places } from '#dashboard/core/places.ts'
import { pagePermissions } from '#domain/live/page-permissions.ts'
import { Role } from '#domain/live/views.ts'
import { may, offeredTo } from '#server/core/permissions.ts'

/** What asks for more than a look. */
const acts = ['alarm.act', 'alarm.shelve', 'alarm.take-from-anybody', 'assignment.edit', 'hub.act', 'simulators.drive']

it('offers a wall screen nothing that can be pressed, and each role only what the server lets it do', () => {
  const offered = (role: Role): readonly string[] => offeredTo(role).filter((one) => acts.includes(one))
  expect(offered('kiosk')).toEqual([])
  expect(offered('admin')).toEqual([])
  expect(offered('engineer')).toEqual(['hub.act', 'simulators.drive'])
  expect(offered('nurse')).toEqual(['alarm.act', 'hub.act'])
  expect(offered('lead')).toEqual(acts.filter((one) => one !== 'simulators.drive'))
  for (const role of Role.options)
    for (const permission of pagePermissions) expect(offeredTo(role).includes(permission)).toBe(may(role, permission))
})

it('leads each role to the screens that the server answers, and to no other', () => {
  const needs = {
    alarms: 'live.view',
    pumps: 'live.view',
    hubs: 'live.view',
    plan: 'assignment.view',
    history: 'live.view',
    handover: 'alarm.act',
    simulator: 'simulators.drive',
    audit: 'audit.view',
    people: 'people.manage',
    registry: 'hub.manage',
  } as const
  for (const { name, only } of places)
    for (const role of Role.options) {
      const led = only === null ? role !== 'admin' : only.includes(role)
      expect({ name, role, led }).toEqual({ name, role, led: may(role, needs[name]) })
    }
})
