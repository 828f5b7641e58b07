import { expect, it } from 'vitest'
import { coarseAddress } from '#domain/coarse-address.ts'

it.each([
  ['127.0.0.1', 'this machine'],
  ['::1', 'this machine'],
  ['::ffff:127.0.0.1', 'this machine'],
  ['192.0.2.17', '192.0.2.x'],
  ['::ffff:192.0.2.17', '192.0.2.x'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::'],
  ['2001:db8::5', '2001:db8::'],
  ['fe80::1%eth0', 'fe80::'],
  ['somewhere', 'unknown'],
  ['', 'unknown'],
])('of %s tells the network %s', (address, network) => {
  expect(coarseAddress(address)).toBe(network)
})
